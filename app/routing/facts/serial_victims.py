"""Counts how many different victims a perpetrator has in the serial window."""

from datetime import date, datetime

from app.routing.facts.dates import london_date, months_before
from app.routing.facts.events import distinct_events, same_person
from app.routing.facts.incident_counts import at_least, settled_count
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.perpetrator import Perpetrator


def custody_days(person: Perpetrator, first: date, last: date) -> int | None:
    """Returns how many days of custody fall between two dates, both included; None when the periods are not known.

    A day in two periods counts once: two authors can state one period.
    """
    if person.custody_periods is None:
        return None
    spans = ((max(start, first), min(end or last, last)) for start, end in person.custody_periods)
    return len({day for start, end in spans for day in range(start.toordinal(), end.toordinal() + 1)})


def lookback_start(person: Perpetrator, today: date, months: int, *, exclude_custody: bool) -> date | None:
    """Returns the first day of the serial window, moved back by the days in custody when `exclude_custody`.

    It is moved once: custody in the days that are added does not move it again.
    """
    first = months_before(today, months)
    if not exclude_custody:
        return first
    days = custody_days(person, first, today)
    return None if days is None else date.fromordinal(first.toordinal() - days)


def distinct_victims(
    case: CaseSnapshot, instant: datetime, months: int, threshold: int, *, exclude_custody: bool = False
) -> int | None:
    """Returns how many different victims the perpetrator has in the window, across all forces.

    The victim of this referral counts too: a referral alleges one more victim. The number is a least one: it
    counts what is on record. None: what is on record leaves it open, or there is a sign of more elsewhere.
    """
    today = london_date(instant)
    first = lookback_start(case.perpetrator, today, months, exclude_custody=exclude_custody)
    if first is None or case.perpetrator.ref is None:
        return None
    mine = [
        i
        for i in distinct_events(case.incidents or (), instant)
        if first <= london_date(i.occurred_at) and same_person(i.perpetrator_ref, case.perpetrator.ref) is not False
    ]
    known = {case.victim.ref} | {i.victim_ref for i in mine if i.victim_ref and i.perpetrator_ref}
    known |= {ref for i in mine if i.perpetrator_ref for ref in i.also_harmed}
    possible = known | {ref for i in mine for ref in (i.victim_ref, *i.also_harmed) if ref}
    # Two pseudonyms can turn out to be one person's: whoever does the harm is none of the victims.
    known, possible = known - {case.perpetrator.ref}, possible - {case.perpetrator.ref}
    unnamed = sum(i.victim_ref is None for i in mine)
    count = settled_count(len(known), len(possible) + unnamed, threshold)
    return None if count is None else at_least(case, count, threshold)
