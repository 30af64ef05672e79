"""Does the case wait for its hearing? The chair decides, says why, and a "yes" is a meeting with a date (D07).

Source: DHR "Jean" 14.2.12: eighteen working days from referral to hearing was too long, and nobody had to answer for it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.meetings import calendar_repository, repository
from app.meetings.decision_schemas import EmergencyAnswer, EmergencyRequest
from app.meetings.duties_done import report_done
from app.meetings.events import tell
from app.meetings.lists.lists import move_case, place_on_list
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import EmergencyDecision
from app.meetings.schemas import HearingEstimate, MeetingKind
from app.referrals.models import Case
from app.vocabulary import EventType, Forum


def decide_emergency(
    session: Session, caller: Caller, case: Case, sent: EmergencyRequest, now: datetime
) -> EmergencyDecision:
    """The answer and its reason are on record; with HOLD the case is on an emergency meeting's list from now."""
    waiting = repository.listing_ahead(session, case.id, Forum.MARAC)
    made = EmergencyDecision(
        id=new_id("emd"),
        case_id=case.id,
        area=case.area,
        agencies=case.agencies,
        meeting_id=waiting[1].id if waiting else None,
        answer=sent.answer,
        reason=sent.reason,
        held_on=sent.held_on,
        decided_by=caller.answerable,
        decided_at=now,
    )
    session.add(made)
    if sent.answer is EmergencyAnswer.HOLD:
        _hold(session, caller, case, waiting, sent, now)
    answer = {"answer": sent.answer, "held_on": sent.held_on}
    tell(session, EventType.CASE_EMERGENCY_DECIDED, case, Forum.MARAC, now, answer)
    report_done(session, caller, case.id, ("D07",), f"{sent.answer}: {sent.reason}", now)
    return made


def _hold(
    session: Session,
    caller: Caller,
    case: Case,
    waiting: tuple[Listing, Meeting] | None,
    sent: EmergencyRequest,
    now: datetime,
) -> None:
    assert sent.held_on is not None  # noqa: S101 - the request's own promise
    if sent.held_on < london_date(now):
        raise Conflict("an emergency meeting lies ahead; `held_on` has passed")
    if waiting is not None and london_date(now) <= waiting[1].held_on <= sent.held_on:
        raise Conflict(f"the case is heard on {waiting[1].held_on} already; an emergency meeting is earlier")
    row = {
        "id": new_id("mtg"),
        "area": case.area,
        "forum": Forum.MARAC,
        "kind": MeetingKind.EMERGENCY,
        "held_on": sent.held_on,
        "cut_off_on": sent.held_on,
        "created_at": now,
    }
    calendar_repository.insert_meeting_unless_there(session, row)
    meeting = calendar_repository.meeting_on(session, case.area, Forum.MARAC, sent.held_on)
    if waiting is None:
        place_on_list(session, case, _estimate(meeting), now)
    else:
        move_case(session, caller, case, waiting[0], meeting, f"Emergency meeting: {sent.reason}", now)


def _estimate(meeting: Meeting) -> HearingEstimate:
    return HearingEstimate(
        forum=Forum(meeting.forum),
        meeting_id=meeting.id,
        held_on=meeting.held_on,
        cut_off_on=meeting.cut_off_on,
        working_days=None,
        missed_cut_off_on=None,
        missed_meeting_on=None,
    )
