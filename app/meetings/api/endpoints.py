"""The calendar over HTTP. This router includes the other routers of the room."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.access.service import area_or_refuse
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.schema import CivilDate
from app.meetings.api.agenda_endpoints import router as agendas
from app.meetings.api.decision_endpoints import router as decisions
from app.meetings.api.hearing_endpoints import router as hearings
from app.meetings.api.research_endpoints import router as research
from app.meetings.api.sitting_endpoints import router as sittings
from app.meetings.lists import cycles, meeting_calendar
from app.meetings.lookup import find_meeting
from app.meetings.presenters.cycles import cycle_out
from app.meetings.repositories import calendar_repository
from app.meetings.schemas import CycleOut, CycleRequest, MeetingOut, MeetingRequest, Meetings

router = APIRouter(prefix="/v1", tags=["meetings"])
for other in (agendas, sittings, hearings, research, decisions):
    router.include_router(other)


@router.post(
    "/meeting-cycles",
    operation_id="startMeetingCycle",
    status_code=201,
    response_model=CycleOut,
    summary="Set how often a forum meets and when its lists close",
)
def start_meeting_cycle(sent: CycleRequest, call: Writing) -> Response:
    """Puts the meetings in the calendar ahead; one that would fall on a bank holiday is held the next working day."""

    def act() -> OperationResult:
        area_or_refuse(call.session, call.caller, sent.area)
        with call.as_system():
            cycle = cycles.start_cycle(call.tx, sent)
            body = cycle_out(call.session, cycle).model_dump(mode="json")
        record_act(call.tx, Category.COLLECTION, "meeting-cycle", cycle.id)
        return OperationResult(status=201, body=body)

    return call.once(sent, act)


@router.post(
    "/meetings",
    operation_id="scheduleMeeting",
    status_code=201,
    response_model=MeetingOut,
    summary="Put a meeting and its cut-off in the calendar",
)
def schedule_meeting(sent: MeetingRequest, call: Writing) -> Response:
    """Adds the meeting to the calendar. Cases that waited because the calendar was empty go on its list at once."""

    def act() -> OperationResult:
        area_or_refuse(call.session, call.caller, sent.area)
        with call.as_system():
            meeting = meeting_calendar.schedule_meeting(call.tx, sent)
        record_act(call.tx, Category.COLLECTION, "meeting", meeting.id)
        return OperationResult(status=201, body=MeetingOut.model_validate(meeting).model_dump(mode="json"))

    return call.once(sent, act)


@router.get("/meetings", operation_id="listMeetings", summary="Meetings of your areas, the soonest first")
def list_meetings(call: Reading, since: CivilDate | None = None) -> Meetings:
    record_act(call.tx, Category.CONSULTATION, "meeting", "list")
    rows = calendar_repository.list_meetings(call.session, call.caller.areas, since)
    return Meetings(items=[MeetingOut.model_validate(row) for row in rows])


@router.get(
    "/meetings/{meeting_id}",
    operation_id="getMeeting",
    summary="A meeting: when it is held, when its list closes",
)
def get_meeting(meeting_id: str, call: Reading) -> MeetingOut:
    """Shows the meeting itself. The paths below this one hold its list, agenda and minutes."""
    meeting = find_meeting(call.session, call.caller, meeting_id)
    record_act(call.tx, Category.CONSULTATION, "meeting", meeting.id)
    return MeetingOut.model_validate(meeting)
