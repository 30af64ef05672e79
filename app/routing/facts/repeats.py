"""Whether a case is a repeat: further abuse by the same perpetrator of the same victim after the last MARAC."""

from datetime import date, datetime
from enum import StrEnum

from app.routing.facts.dates import london_date, months_before
from app.routing.facts.events import distinct_events
from app.routing.facts.incident_counts import CountScope, in_scope
from app.routing.facts.snapshot import CaseSnapshot, IncidentFacts, MaracHistory
from app.routing.facts.three_valued import three_valued_or


class RepeatAnchor(StrEnum):
    """The event from which the repeat window runs."""

    LAST_REFERRAL = "LAST_REFERRAL"
    LAST_HEARING = "LAST_HEARING"


class RepeatBehaviour(StrEnum):
    """The behaviour that makes a repeat."""

    ANY_ABUSE = "ANY_ABUSE"
    CRIMINAL_ONLY = "CRIMINAL_ONLY"


def repeat_anchor_on(history: MaracHistory, anchor: RepeatAnchor) -> date | None:
    """Returns the date from which the repeat window runs."""
    return history.last_referral_on if anchor is RepeatAnchor.LAST_REFERRAL else history.last_heard_on


def is_repeat(
    case: CaseSnapshot,
    instant: datetime,
    months: int,
    anchor: RepeatAnchor,
    behaviour: RepeatBehaviour,
) -> bool | None:
    """Returns whether an incident between the same two people falls inside the window after the last MARAC.

    A known history without the date `anchor` is a case that was never referred, or never heard: not a repeat.
    """
    if case.marac_history is None:
        return None
    start = repeat_anchor_on(case.marac_history, anchor)
    if start is None:
        return False
    if case.incidents is None:
        return None
    return three_valued_or(
        _repeats(case, i, behaviour)
        for i in distinct_events(case.incidents, instant)
        # After the day itself: the incident that led to that referral or hearing is no repeat of itself.
        if months_before(london_date(i.occurred_at), months) <= start < london_date(i.occurred_at)
    )


def _repeats(case: CaseSnapshot, incident: IncidentFacts, behaviour: RepeatBehaviour) -> bool | None:
    dyad = in_scope(case, incident, CountScope.DYAD)
    if dyad is False or behaviour is RepeatBehaviour.ANY_ABUSE:
        return dyad
    if incident.criminal is False:
        return False
    return None if dyad is None or incident.criminal is None else True
