"""A meeting's list and agenda over HTTP."""

from fastapi import APIRouter, Request

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, rows_of
from app.access.service import as_system
from app.audit.service import Category, record_act
from app.foundation.clock import Clock
from app.meetings import case_repository, repository
from app.meetings.agenda import show_agenda
from app.meetings.agenda_schemas import AgendaOut, MeetingListOut
from app.meetings.finding import find_meeting
from app.meetings.sheets import Sheet, read_sheet, show_list

router = APIRouter(tags=["meetings"])


@router.get(
    "/meetings/{meeting_id}/list",
    operation_id="getMeetingList",
    summary="A meeting's list: the cases, who is invited, which research is asked",
)
def get_meeting_list(
    meeting_id: str,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
) -> MeetingListOut:
    """An agency sees the cases it was asked about, and its own research request for each."""
    sheet = _sheet(meeting_id, request, caller, session, clock)
    return show_list(session, sheet)


@router.get(
    "/meetings/{meeting_id}/agenda",
    operation_id="getAgenda",
    summary="A meeting's agenda: unfinished actions first, cases passing their window, then each case",
)
def get_agenda(
    meeting_id: str,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
) -> AgendaOut:
    """Each case comes with its research, owners and the plan of its last hearing with outcomes."""
    sheet = _sheet(meeting_id, request, caller, session, clock)
    return show_agenda(session, sheet, clock.now())


def _sheet(
    meeting_id: str, request: Request, caller: AuthorisedCaller, session: DatabaseSession, clock: Clock
) -> Sheet:
    """The meeting with the cases of those listings that the caller's own rows show."""
    meeting = find_meeting(session, caller, meeting_id)
    listed = {row.case_id for row in repository.listings_of_meeting(session, meeting.id)}
    with as_system(session, caller, rows_of(request)):
        cases = case_repository.cases_by_id(session, listed)
    record_act(session, caller, Category.CONSULTATION, "meeting", meeting.id, clock.now())
    for case_id in sorted(listed):
        record_act(session, caller, Category.CONSULTATION, "case", case_id, clock.now())
    return read_sheet(session, meeting, cases, clock.now())
