"""Whether a case is a repeat: further abuse by the same perpetrator of the same victim after the last MARAC.

Each new report is tested alone, at the moment it came: the report that made a referral never repeats it, an event
between the referral and its hearing belongs to that case, and a fact that is added later changes nothing.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from app.routing.facts.dates import end_of, london_date, months_before, opening_of
from app.routing.facts.events import distinct_events
from app.routing.facts.incident_counts import CountScope, in_scope
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.history import MaracHistory
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.three_valued import three_valued_and, three_valued_or


class RepeatAnchor(StrEnum):
    """The event from which the repeat window runs: a referral to MARAC or a hearing, or a hearing alone."""

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


class _Anchor(NamedTuple):
    """A referral or a hearing: the day on which its window begins, and the instant that an event must come after."""

    on: date
    after: datetime


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


def has_report_after(case: CaseSnapshot, since: datetime, instant: datetime) -> bool:
    """Returns whether an event of the couple was first recorded after `since`, or at this very instant."""
    return any(at > since or at == instant for at, _ in _reports_of_couple(case, instant))


def _reports_of_couple(case: CaseSnapshot, instant: datetime) -> list[tuple[datetime, list[IncidentFacts]]]:
    """Returns the couple's events by when they were first recorded, the oldest first."""
    events = [one for one in distinct_events(case.incidents or (), instant) if _of_couple(case, one) is not False]
    return [(at, list(together)) for at, together in groupby(sorted(events, key=_recorded_at), key=_recorded_at)]


def _recorded_at(event: IncidentFacts) -> datetime:
    return event.recorded_at or event.reported_at


def _of_couple(case: CaseSnapshot, event: IncidentFacts) -> bool | None:
    return in_scope(case, event, CountScope.DYAD)


def _was_heard_between(history: MaracHistory, earlier: datetime, later: datetime) -> bool:
    return any(earlier <= at < later for at in history.heard_at)


def _waits(history: MaracHistory, recorded_at: datetime) -> bool:
    """Returns whether the case waited for MARAC when the report came."""
    return any(
        one.referred_at < recorded_at and (one.waits_until is None or recorded_at < one.waits_until)
        for one in history.processes
    )


def _repeats(
    case: CaseSnapshot, history: MaracHistory, recorded_at: datetime, event: IncidentFacts, rule: _Rule
) -> bool | None:
    """Returns whether event and report fall inside a window after an earlier MARAC, and it is such behaviour."""
    # What happened before a hearing belongs to it, also when it is told only afterwards.
    if any(event.occurred_at <= at < recorded_at for at in history.heard_at):
        return False
    any_abuse = rule.behaviour is RepeatBehaviour.ANY_ABUSE
    return three_valued_and(
        _is_in_window(history, recorded_at, event, rule),
        _of_couple(case, event),
        True if any_abuse else event.criminal,
    )


def _is_in_window(history: MaracHistory, recorded_at: datetime, event: IncidentFacts, rule: _Rule) -> bool | None:
    """Returns whether the report follows a referral or a hearing by no more than the window.

    None while another MARAC heard the couple on a day that nobody has said.
    """
    recorded_on = max(london_date(event.occurred_at), london_date(recorded_at))
    first_day = months_before(recorded_on, rule.months)
    anchors = _anchors(history, recorded_at, rule.anchor)
    if any(first_day <= one.on and one.after < event.occurred_at for one in anchors):
        return True
    return None if history.heard_elsewhere_undated else False


def _anchors(history: MaracHistory, recorded_at: datetime, anchor: RepeatAnchor) -> Iterator[_Anchor]:
    """Yields every hearing and, unless the area counts from hearings alone, every referral before the report."""
    referred, heard = _elsewhere(history)
    if heard is not None:
        yield _Anchor(heard, opening_of(heard))
    yield from (_Anchor(london_date(at), at) for at in history.heard_at)
    if anchor is RepeatAnchor.LAST_HEARING:
        return
    if referred is not None:
        # The report that made the referral came before it on that day: only the next day is after both.
        yield _Anchor(referred, end_of(referred))
    own = (one.referred_at for one in history.processes if one.referred_at < recorded_at)
    yield from (_Anchor(london_date(at), at) for at in own)


def _elsewhere(history: MaracHistory) -> tuple[date | None, date | None]:
    """Returns the last days on which other MARACs were asked about the couple, and heard it."""
    if not history.processes and not history.heard_at:  # then the last dates can only be those of other MARACs
        return history.last_referral_on, history.last_heard_on
    return history.referred_elsewhere_on, history.heard_elsewhere_on
