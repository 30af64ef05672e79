"""A meeting's list and agenda over HTTP."""

from fastapi import APIRouter

from app.access.calls import Call, Reading
from app.audit.service import Category, record_act
from app.meetings import case_repository, repository
from app.meetings.agenda_schemas import AgendaOut, MeetingListOut
from app.meetings.api.lookup import find_meeting
from app.meetings.lists.listing_view import ListingView, read_sheet, show_list
from app.meetings.sitting.agenda import show_agenda

router = APIRouter(tags=["meetings"])


@router.get(
    "/meetings/{meeting_id}/list",
    operation_id="getMeetingList",
    summary="A meeting's list: the cases, who is invited, which research is asked",
)
def get_meeting_list(
    meeting_id: str,
    call: Reading,
) -> MeetingListOut:
    """An agency sees the cases it was asked about, and its own research request for each."""
    sheet = _sheet(meeting_id, call)
    return show_list(call.session, sheet)


@router.get(
    "/meetings/{meeting_id}/agenda",
    operation_id="getAgenda",
    summary="A meeting's agenda: unfinished actions first, cases passing their window, then each case",
)
def get_agenda(
    meeting_id: str,
    call: Reading,
) -> AgendaOut:
    """Each case comes with its research, owners and the plan of its last hearing with outcomes."""
    sheet = _sheet(meeting_id, call)
    return show_agenda(call.session, sheet, call.now)


def _sheet(meeting_id: str, call: Call) -> ListingView:
    """The meeting with the cases of those listings that the caller's own rows show."""
    meeting = find_meeting(call.session, call.caller, meeting_id)
    listed = {row.case_id for row in repository.listings_of_meeting(call.session, meeting.id)}
    with call.as_system():
        cases = case_repository.cases_by_id(call.session, listed)
    record_act(call.session, call.caller, Category.CONSULTATION, "meeting", meeting.id, call.now)
    for case_id in sorted(listed):
        record_act(call.session, call.caller, Category.CONSULTATION, "case", case_id, call.now)
    return read_sheet(call.session, meeting, cases, call.now)
