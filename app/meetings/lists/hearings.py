"""When a case can be heard, and that it was."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.recording.assignment import Assignment, assign_duties
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, NotFound
from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.meetings import calendar_repository, repository
from app.meetings.events import tell
from app.meetings.lists.lists import list_case, place_waiting
from app.meetings.models import Listing, Meeting
from app.meetings.parameters import number
from app.meetings.schemas import HearingEstimate, MeetingKind, MeetingRequest
from app.referrals.models import Case
from app.reminders.deadline import Deadline
from app.vocabulary import EventType, Forum, Role

__all__ = ["hear_case", "hearing_estimate", "list_case", "minutes_due_on", "schedule_meeting"]

MINUTES = "MINUTES"


def schedule_meeting(session: Session, sent: MeetingRequest, now: datetime) -> Meeting:
    """The meeting is in the calendar; saying it twice keeps the first. Cases that waited for one are on its list."""
    row = {"id": new_id("mtg"), "kind": MeetingKind.ORDINARY, "created_at": now, **sent.model_dump()}
    calendar_repository.insert_meeting_unless_there(session, row)
    place_waiting(session, sent.area, sent.forum, now)
    return calendar_repository.meeting_on(session, sent.area, sent.forum, sent.held_on)


def hearing_estimate(session: Session, area: str, nation: str, forum: Forum, on: date) -> HearingEstimate:
    """The next meeting that a referral of this date still makes, in working days, and any it missed by its cut-off."""
    ahead = calendar_repository.meetings_from(session, area, forum, on)
    open_ones = [meeting for meeting in ahead if meeting.cut_off_on >= on]
    following = open_ones[0] if open_ones else None
    missed = next(
        (m for m in ahead if m.cut_off_on < on and (not following or m.held_on < following.held_on)), None
    )
    calendar = working_days_of(nation)
    return HearingEstimate(
        forum=forum,
        meeting_id=following.id if following else None,
        held_on=following.held_on if following else None,
        cut_off_on=following.cut_off_on if following else None,
        working_days=calendar.between(on, following.held_on) if following else None,
        missed_cut_off_on=missed.cut_off_on if missed else None,
        missed_meeting_on=missed.held_on if missed else None,
    )


def hear_case(session: Session, case: Case, meeting_id: str, now: datetime) -> Listing:
    """The case was heard on the meeting's day, and the clock for its minutes runs."""
    listing = repository.listing_of(session, case.id, meeting_id)
    meeting = calendar_repository.meeting_by_id(session, meeting_id)
    if listing is None or meeting is None:
        raise NotFound("this case is not on that meeting's list")
    if meeting.held_on > london_date(now):
        raise Conflict("that meeting has not been held yet")
    if listing.heard_on is None:
        listing.heard_on = meeting.held_on
        _start_minutes_clock(session, case, meeting, now)
        tell(session, EventType.CASE_HEARD, case, Forum(listing.forum), now)
    return listing


def minutes_due_on(session: Session, meeting: Meeting, now: datetime) -> date:
    """The day by which the minutes are out: three working days in the baseline (Derbyshire protocol, 2013)."""
    return calendar_of_area(session, meeting.area).add(
        meeting.held_on, number(session, meeting.area, "minutes_working_days", now)
    )


def _start_minutes_clock(session: Session, case: Case, meeting: Meeting, now: datetime) -> None:
    duty = Assignment(
        case_id=case.id,
        area=case.area,
        what=f"Send the minutes and the plan of {meeting.forum} of {meeting.held_on.isoformat()}",
        done_when="Every agency that came or was asked has the minutes and its own actions",
        owner_role=Role.MARAC_COORDINATOR,
        deadline=Deadline(minutes_due_on(session, meeting, now), None),
        duty=MINUTES,
        forums=(meeting.forum,),
        informed=(*case.agencies, agency_in_post(session, case.area, Role.MARAC_CHAIR) or ""),
    )
    assign_duties(session, [duty], now)
