"""Whether a case is a repeat: further abuse by the same perpetrator of the same victim after the last MARAC.

Each new report is tested alone, at the moment it came: the report that made a referral never repeats it, an event
between the referral and its hearing belongs to that case, and a fact that is added later changes nothing.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from app.routing.facts.dates import london_date, months_before
from app.routing.facts.events import distinct_events
from app.routing.facts.incident_counts import CountScope, in_scope
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.history import MaracHistory
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.three_valued import three_valued_or


class RepeatAnchor(StrEnum):
    """The event from which the repeat window runs."""

    LAST_REFERRAL = "LAST_REFERRAL"
    LAST_HEARING = "LAST_HEARING"


class RepeatBehaviour(StrEnum):
    """The behaviour that makes a repeat."""

    ANY_ABUSE = "ANY_ABUSE"
    CRIMINAL_ONLY = "CRIMINAL_ONLY"


class _Rule(NamedTuple):
    months: int
    anchor: RepeatAnchor
    behaviour: RepeatBehaviour


def is_repeat(
    case: CaseSnapshot,
    instant: datetime,
    months: int,
    anchor: RepeatAnchor,
    behaviour: RepeatBehaviour,
) -> bool | None:
    """Returns whether a report since the last hearing repeats what MARAC had before.

    None while another MARAC may have heard the couple: one that did at an unknown date, or, where nobody has said
    what other MARACs did, a victim who has moved.
    """
    rule = _Rule(months, anchor, behaviour)
    history = case.marac_history
    if history is None:
        return None if case.victim.moved_area else False
    repeated: bool | None = False
    earlier: datetime | None = None
    for recorded_at, events in _reports_of_couple(case, instant):
        if earlier is not None and _was_heard_between(history, earlier, recorded_at):
            repeated = False
        if not _waits(history, recorded_at):
            repeated = three_valued_or((repeated, *(_repeats(case, history, recorded_at, one, rule) for one in events)))
        earlier = recorded_at
    return repeated


def has_new_report(case: CaseSnapshot, instant: datetime) -> bool:
    """Returns whether an event of the couple was first recorded at this very instant."""
    return any(at == instant for at, _ in _reports_of_couple(case, instant))


def _reports_of_couple(case: CaseSnapshot, instant: datetime) -> list[tuple[datetime, list[IncidentFacts]]]:
    """Returns the couple's events by when they were first recorded, the oldest first."""
    events = [one for one in distinct_events(case.incidents or (), instant) if _of_couple(case, one) is not False]
    return [(at, list(together)) for at, together in groupby(sorted(events, key=_recorded_at), key=_recorded_at)]


def _recorded_at(event: IncidentFacts) -> datetime:
    return event.recorded_at or event.reported_at


def _of_couple(case: CaseSnapshot, event: IncidentFacts) -> bool | None:
    return in_scope(case, event, CountScope.DYAD)


def _was_heard_between(history: MaracHistory, earlier: datetime, later: datetime) -> bool:
    return any(london_date(earlier) <= day < london_date(later) for day in history.heard_on)


def _waits(history: MaracHistory, recorded_at: datetime) -> bool:
    """Returns whether the case waited for MARAC when the report came."""
    return any(
        one.referred_at < recorded_at and (one.waits_until is None or recorded_at < one.waits_until)
        for one in history.processes
    )


def _repeats(
    case: CaseSnapshot, history: MaracHistory, recorded_at: datetime, event: IncidentFacts, rule: _Rule
) -> bool | None:
    """Returns whether event and report fall inside the window after the last MARAC, and it is such behaviour."""
    last = _last_before(history, recorded_at, event, rule.anchor)
    day = london_date(event.occurred_at)
    if last is None and history.heard_elsewhere_undated:
        return None
    recorded_on = max(day, london_date(recorded_at))
    if last is None or not months_before(recorded_on, rule.months) <= last < day:
        return False
    dyad = _of_couple(case, event)
    if dyad is False or rule.behaviour is RepeatBehaviour.ANY_ABUSE:
        return dyad
    if event.criminal is False:
        return False
    return None if dyad is None or event.criminal is None else True


def _last_before(
    history: MaracHistory, recorded_at: datetime, event: IncidentFacts, anchor: RepeatAnchor
) -> date | None:
    """Returns the day of the last referral, or hearing, that the report followed.

    None where the couple was heard between the event and the report: what happened before a hearing belongs to it.
    """
    occurred_on, recorded_on = london_date(event.occurred_at), london_date(recorded_at)
    if any(occurred_on <= day < recorded_on for day in history.heard_on):
        return None
    return max((day for day in _anchors(history, recorded_at, anchor) if day <= recorded_on), default=None)


def _anchors(history: MaracHistory, recorded_at: datetime, anchor: RepeatAnchor) -> Iterator[date]:
    elsewhere = _last_elsewhere(history, anchor)
    if elsewhere is not None:
        yield elsewhere
    if anchor is RepeatAnchor.LAST_HEARING:
        yield from history.heard_on
    else:
        yield from (london_date(one.referred_at) for one in history.processes if one.referred_at < recorded_at)


def _last_elsewhere(history: MaracHistory, anchor: RepeatAnchor) -> date | None:
    """Returns the last date of a MARAC elsewhere; a hearing stands in for a referral of an unknown date."""
    referred, heard = history.referred_elsewhere_on, history.heard_elsewhere_on
    if not history.processes and not history.heard_on:  # then the last dates can only be those of other MARACs
        referred, heard = history.last_referral_on, history.last_heard_on
    return heard if anchor is RepeatAnchor.LAST_HEARING else referred or heard
