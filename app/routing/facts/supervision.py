"""Whether a licence or order runs, where, whether it allows recall, and when the last one ends."""

from collections.abc import Iterator
from datetime import date

from app.routing.facts.snapshot.perpetrator import Licence, Perpetrator
from app.routing.policy.vocabulary import LicenceKind

_BREACH_GOES_TO_COURT = frozenset(
    {
        LicenceKind.COMMUNITY_ORDER,
        LicenceKind.SUSPENDED_SENTENCE_ORDER,
        LicenceKind.POST_SENTENCE_SUPERVISION,
        LicenceKind.YOUTH_REHABILITATION_ORDER,
    }
)


def running(person: Perpetrator, today: date) -> Iterator[Licence]:
    """Returns the licences and orders of that day; one without a start or end date counts as running there."""
    return (
        licence
        for licence in person.licences or ()
        if (licence.starts_on is None or licence.starts_on <= today)
        and (licence.ends_on is None or today <= licence.ends_on)
    )


def supervised_on(person: Perpetrator, today: date) -> bool | None:
    """Returns whether a licence or order runs on that day."""
    return None if person.licences is None else any(running(person, today))


def supervised_without_recall(person: Perpetrator, today: date) -> bool | None:
    """Returns whether only orders run from which nobody is recalled: the court deals with their breach."""
    if person.licences is None:
        return None
    kinds = {licence.kind for licence in running(person, today)}
    return bool(kinds) and kinds <= _BREACH_GOES_TO_COURT


def on_hospital_conditions(person: Perpetrator, today: date) -> bool | None:
    """Returns whether a hospital discharged the perpetrator on conditions, from which the Secretary of State recalls.

    Source: Mental Health Act 1983, section 42(3).
    """
    if person.licences is None:
        return None
    return any(licence.kind is LicenceKind.HOSPITAL_CONDITIONS for licence in running(person, today))


def area_of_perpetrator(person: Perpetrator, today: date) -> str | None:
    """Returns the area where the perpetrator lives.

    As stated, else where a licence or order is supervised, else where MAPPA manages them: each is where they live.
    """
    supervised = next((licence.area for licence in running(person, today) if licence.area), None)
    return person.home_area or supervised or person.mappa.area


def days_to_licence_end(person: Perpetrator, today: date, *, first: bool = False) -> int | None:
    """Returns the days until the last licence or order ends; None when none has an end date from today on.

    `first`: until the first one ends.
    """
    ends = [
        licence.ends_on for licence in person.licences or () if licence.ends_on is not None and today <= licence.ends_on
    ]
    return ((min if first else max)(ends) - today).days if ends else None
