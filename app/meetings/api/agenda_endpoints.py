"""A meeting's list and agenda over HTTP."""

from fastapi import APIRouter

from app.access.calls import Call, Reading
from app.audit.service import Category, record_act
from app.meetings.agenda_response_schemas import AgendaOut, MeetingListOut
from app.meetings.lookup import find_meeting
from app.meetings.presenters.agenda import agenda_out
from app.meetings.presenters.meeting_list import MeetingView, meeting_list_out, read_meeting_view
from app.meetings.presenters.research import research_out
from app.meetings.repositories import case_repository, listing_repository, research_repository

router = APIRouter(tags=["meetings"])


@router.get(
    "/meetings/{meeting_id}/list",
    operation_id="getMeetingList",
    summary="A meeting's list: the cases, who is invited, which research is asked",
)
def get_meeting_list(meeting_id: str, call: Reading) -> MeetingListOut:
    """An agency sees the cases it was asked about, and its own research request for each."""
    return meeting_list_out(call.session, _view_meeting(meeting_id, call))


@router.get(
    "/meetings/{meeting_id}/agenda",
    operation_id="getAgenda",
    summary="A meeting's agenda: unfinished actions, cases whose repeat window ended, then each case",
)
def get_agenda(meeting_id: str, call: Reading) -> AgendaOut:
    """Each case has its research, its owners, and the plan of its last hearing with outcomes."""
    return agenda_out(call.session, _view_meeting(meeting_id, call), call.now, call.caller)


def _view_meeting(meeting_id: str, call: Call) -> MeetingView:
    """Reads the meeting with the cases of the listings that the caller's rows show, and records who consulted them."""
    meeting = find_meeting(call.session, call.caller, meeting_id)
    listings = listing_repository.listings_of_meeting(call.session, meeting.id)
    listed = {row.case_id for row in listings}
    asked = research_repository.research_requests_of_meeting(call.session, meeting.id)
    # An agency that is asked about a case may not see the case itself, so its pseudonyms are read for the system.
    with call.as_system():
        cases = case_repository.cases_by_id(call.session, listed)
        requests = research_out(call.session, asked, call.now)
    record_act(call.tx, Category.CONSULTATION, "meeting", meeting.id)
    for case_id in sorted(listed):
        record_act(call.tx, Category.CONSULTATION, "case", case_id)
    return read_meeting_view(call.session, meeting, cases, requests)
