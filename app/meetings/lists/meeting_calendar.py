"""Puts single meetings in the calendar and says which meeting a referral can still make."""

from datetime import date

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.foundation.working_days import working_days_of
from app.meetings.lists.case_listing import place_waiting_cases
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.models import Meeting
from app.meetings.repositories import calendar_repository
from app.meetings.schemas import MeetingRequest
from app.meetings.vocabulary import MeetingKind
from app.vocabulary import Forum, Nation


def schedule_meeting(tx: Transaction, sent: MeetingRequest) -> Meeting:
    """Puts the meeting in the calendar and places the cases that waited for one on its list.

    A second request for the same area, forum and day returns the first meeting unchanged.
    """
    row = {"id": new_id("mtg"), "kind": MeetingKind.ORDINARY, "created_at": tx.now, **sent.model_dump()}
    calendar_repository.insert_meeting_unless_there(tx.session, row)
    place_waiting_cases(tx, sent.area, sent.forum)
    return calendar_repository.meeting_on(tx.session, sent.area, sent.forum, sent.held_on)


def hearing_estimate(session: Session, area: str, nation: Nation, forum: Forum, on: date) -> HearingEstimate:
    """Returns the next meeting that a referral of this date can make, and any that it missed by its cut-off.

    An emergency meeting is held for its own case and counts for no other.
    """
    ahead = calendar_repository.ordinary_meetings_from(session, area, forum, on)
    following = next((meeting for meeting in ahead if meeting.cut_off_on >= on), None)
    missed = next((m for m in ahead if m.cut_off_on < on and (not following or m.held_on < following.held_on)), None)
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
