"""Whether a licence or order runs, and when the last one ends."""

from datetime import date

from app.routing.facts.snapshot import Perpetrator


def supervised_on(person: Perpetrator, today: date) -> bool | None:
    """Returns whether a licence or order runs on that day; one without a start or end date counts as running there."""
    if person.licences is None:
        return None
    return any(
        (licence.starts_on is None or licence.starts_on <= today)
        and (licence.ends_on is None or today <= licence.ends_on)
        for licence in person.licences
    )


def days_to_licence_end(person: Perpetrator, today: date) -> int | None:
    """Returns the days until the last licence or order ends; None when none has an end date from today on."""
    ends = [
        licence.ends_on for licence in person.licences or () if licence.ends_on is not None and today <= licence.ends_on
    ]
    return (max(ends) - today).days if ends else None
