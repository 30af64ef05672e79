"""Whether a licence or order runs, where, whether it allows recall, when the last one ends; and who is in custody."""

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


def in_custody(person: Perpetrator, today: date) -> bool | None:
    """Returns whether the perpetrator is in custody: as stated, or because a period of custody runs today.

    Once the day of release has passed nobody knows, until somebody says that they are held or a later period begins.
    """
    released = person.release_on if person.release_on is not None and person.release_on < today else None
    if person.in_custody is not None:
        return None if person.in_custody and released else person.in_custody
    if person.custody_in_doubt:
        return None
    return True if any(_runs(period, today, released) for period in person.custody_periods or ()) else None


def _runs(period: tuple[date, date | None], today: date, released: date | None) -> bool:
    """Returns whether the period runs today; one that was there on the day of release ended with it."""
    start, end = period
    return start <= today and (end is None or today <= end) and (released is None or released < start)
