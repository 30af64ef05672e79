"""Counts and clocks over a case's history. Every function takes its instant; none reads a clock.

Windows are calendar months back from the instant, the first day included. A count that an
unidentified person could raise is settled only if it falls on the same side of the threshold
either way; otherwise it is not known.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.routing.facts.snapshot import CaseSnapshot, IncidentFacts, MaracHistory, Perpetrator
from app.routing.facts.statute import some

LONDON = ZoneInfo("Europe/London")


class CountScope(StrEnum):
    """Whose incidents count: this couple's, the victim's, or the perpetrator's with anybody."""

    DYAD = "DYAD"
    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"


class RepeatAnchor(StrEnum):
    LAST_REFERRAL = "LAST_REFERRAL"
    LAST_HEARING = "LAST_HEARING"


class RepeatBehaviour(StrEnum):
    ANY_ABUSE = "ANY_ABUSE"
    CRIMINAL_ONLY = "CRIMINAL_ONLY"


def london_date(instant: datetime) -> date:
    """The civil date in Europe/London at a UTC instant."""
    return instant.astimezone(LONDON).date()


def months_before(day: date, months: int) -> date:
    """The same day of the month that many months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def settled(least: int, most: int, threshold: int) -> int | None:
    """The least count when no way of filling the gaps crosses the threshold, otherwise unknown."""
    return least if least >= threshold or most < threshold else None


def recent(incidents: Iterable[IncidentFacts], instant: datetime, months: int) -> tuple[IncidentFacts, ...]:
    """The incidents inside the window and not after the instant, oldest first."""
    first = months_before(london_date(instant), months)
    inside = (i for i in incidents if first <= london_date(i.occurred_at) and i.occurred_at <= instant)
    return tuple(sorted(inside, key=lambda i: (i.occurred_at, i.reported_at, i.force)))


def _matches(seen: str | None, wanted: str | None) -> bool | None:
    return None if seen is None or wanted is None else seen == wanted


def in_scope(case: CaseSnapshot, incident: IncidentFacts, scope: CountScope) -> bool | None:
    """Whether the incident belongs to the scope; None when a person in it is not identified."""
    victim = _matches(incident.victim_ref, case.victim.ref)
    perpetrator = _matches(incident.perpetrator_ref, case.perpetrator.ref)
    match scope:
        case CountScope.VICTIM:
            return victim
        case CountScope.PERPETRATOR:
            return perpetrator
        case CountScope.DYAD:
            if victim is False or perpetrator is False:
                return False
            return None if victim is None or perpetrator is None else True


def count_incidents(
    case: CaseSnapshot,
    instant: datetime,
    months: int,
    scope: CountScope,
    threshold: int,
    *,
    count_asb: bool = False,
) -> int | None:
    """How many incidents fall in the window and the scope, across all forces.

    Antisocial behaviour counts only if the policy says so (Jean review, 14.1.3).
    """
    if case.incidents is None:
        return None
    counted = [i for i in recent(case.incidents, instant, months) if count_asb or i.asb_linked is not True]
    verdicts = [in_scope(case, i, scope) for i in counted]
    least = verdicts.count(True)
    return settled(least, least + verdicts.count(None), threshold)


def custody_days(person: Perpetrator, first: date, last: date) -> int | None:
    """Days in custody between two dates, both included; None when the periods are not known."""
    if person.custody_periods is None:
        return None
    spans = ((max(start, first), min(end or last, last)) for start, end in person.custody_periods)
    return sum(max(0, (end - start).days + 1) for start, end in spans)


def lookback_start(person: Perpetrator, today: date, months: int, *, exclude_custody: bool) -> date | None:
    """The first day of the serial window, moved back by time spent in custody if the policy says so.

    One step, not a fixed point: custody that falls in the added stretch is not added again.
    """
    first = months_before(today, months)
    if not exclude_custody:
        return first
    days = custody_days(person, first, today)
    return None if days is None else date.fromordinal(first.toordinal() - days)


def distinct_victims(
    case: CaseSnapshot, instant: datetime, months: int, threshold: int, *, exclude_custody: bool = False
) -> int | None:
    """How many different victims the perpetrator had in the window, across all forces.

    The victim of this referral counts: a referral alleges one more victim.
    """
    today = london_date(instant)
    first = lookback_start(case.perpetrator, today, months, exclude_custody=exclude_custody)
    if case.incidents is None or first is None or case.perpetrator.ref is None:
        return None
    mine = [
        i
        for i in case.incidents
        if i.occurred_at <= instant
        and first <= london_date(i.occurred_at)
        and _matches(i.perpetrator_ref, case.perpetrator.ref) is not False
    ]
    known = {case.victim.ref} | {i.victim_ref for i in mine if i.victim_ref and i.perpetrator_ref}
    possible = known | {i.victim_ref for i in mine if i.victim_ref}
    unnamed = sum(i.victim_ref is None for i in mine)
    return settled(len(known), len(possible) + unnamed, threshold)


def repeat_anchor_on(history: MaracHistory, anchor: RepeatAnchor) -> date | None:
    """The date the repeat window runs from, under either reading of the rule."""
    return history.last_referral_on if anchor is RepeatAnchor.LAST_REFERRAL else history.last_heard_on


def is_repeat(
    case: CaseSnapshot,
    instant: datetime,
    months: int,
    anchor: RepeatAnchor,
    behaviour: RepeatBehaviour,
) -> bool | None:
    """Whether something in the same dyad happened inside the window after the last MARAC.

    A known history without the anchor date is a case never referred, or never heard: not a repeat.
    """
    if case.marac_history is None:
        return None
    start = repeat_anchor_on(case.marac_history, anchor)
    if start is None:
        return False
    if case.incidents is None:
        return None
    later = (i for i in case.incidents if i.occurred_at <= instant)
    return some(
        _repeats(case, i, behaviour)
        for i in later
        if months_before(london_date(i.occurred_at), months) <= start < london_date(i.occurred_at)
    )


def _repeats(case: CaseSnapshot, incident: IncidentFacts, behaviour: RepeatBehaviour) -> bool | None:
    dyad = in_scope(case, incident, CountScope.DYAD)
    if dyad is False or behaviour is RepeatBehaviour.ANY_ABUSE:
        return dyad
    if incident.criminal is False:
        return False
    return None if dyad is None or incident.criminal is None else True


def supervised_on(person: Perpetrator, today: date) -> bool | None:
    """Whether a licence or order runs on that day; one without an end date counts as running."""
    if person.licences is None:
        return None
    return any(
        (licence.starts_on is None or licence.starts_on <= today)
        and (licence.ends_on is None or today <= licence.ends_on)
        for licence in person.licences
    )


def days_to_licence_end(person: Perpetrator, today: date) -> int | None:
    """Days until the last running licence or order ends; None when unknown or none runs."""
    ends = [
        licence.ends_on
        for licence in person.licences or ()
        if licence.ends_on is not None and today <= licence.ends_on
    ]
    return (max(ends) - today).days if ends else None


def utc(instant: datetime) -> datetime:
    """The same instant in UTC; an instant without a zone is an error, never a guess."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant must carry its zone: {instant.isoformat()}")
    return instant.astimezone(UTC)
