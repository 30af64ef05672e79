"""The calendar over HTTP. This router carries the room's other routers."""

from fastapi import APIRouter, Request, Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, rows_of
from app.access.service import area_or_refuse, as_system
from app.audit.service import Category, record_act
from app.foundation.idempotency import Answer, IdempotencyKey, once
from app.foundation.schema import CivilDate, Shown
from app.meetings import cycles, repository, service
from app.meetings.agenda_endpoints import router as agendas
from app.meetings.decision_endpoints import router as decisions
from app.meetings.hearing_endpoints import router as hearings
from app.meetings.models import MeetingCycle
from app.meetings.research_endpoints import router as research
from app.meetings.schemas import CycleOut, CycleRequest, MeetingOut, MeetingRequest
from app.meetings.sitting_endpoints import router as sittings

router = APIRouter(prefix="/v1", tags=["meetings"])
for other in (agendas, sittings, hearings, research, decisions):
    router.include_router(other)


class Meetings(Shown):
    """The areas' meetings, the soonest first."""

    items: list[MeetingOut]


@router.post(
    "/meeting-cycles",
    operation_id="startMeetingCycle",
    status_code=201,
    response_model=CycleOut,
    summary="Say how often a forum meets and when its lists close",
)
def start_meeting_cycle(
    sent: CycleRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """The meetings are put in the calendar ahead; one that would fall on a bank holiday is held the next working day."""

    def act() -> Answer:
        area_or_refuse(session, caller, sent.area)
        with as_system(session, caller, rows_of(request)):
            cycle = cycles.start_cycle(session, sent, clock.now())
            body = _show_cycle(session, cycle).model_dump(mode="json")
        record_act(session, caller, Category.COLLECTION, "meeting-cycle", cycle.id, clock.now())
        return Answer(status=201, body=body)

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


def _show_cycle(session: DatabaseSession, cycle: MeetingCycle) -> CycleOut:
    meetings = [MeetingOut.model_validate(row) for row in repository.meetings_of_cycle(session, cycle.id)]
    own = {name: getattr(cycle, name) for name in CycleOut.model_fields if name != "meetings"}
    return CycleOut(**own, meetings=meetings)


@router.post(
    "/meetings",
    operation_id="scheduleMeeting",
    status_code=201,
    response_model=MeetingOut,
    summary="Put a meeting and its cut-off in the calendar",
)
def schedule_meeting(
    sent: MeetingRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Cases that waited because the calendar was empty are on its list at once."""

    def act() -> Answer:
        area_or_refuse(session, caller, sent.area)
        with as_system(session, caller, rows_of(request)):
            meeting = service.schedule_meeting(session, sent, clock.now())
        record_act(session, caller, Category.COLLECTION, "meeting", meeting.id, clock.now())
        return Answer(status=201, body=MeetingOut.model_validate(meeting).model_dump(mode="json"))

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


@router.get("/meetings", operation_id="listMeetings", summary="Meetings of your areas, the soonest first")
def list_meetings(
    caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock, since: CivilDate | None = None
) -> Meetings:
    record_act(session, caller, Category.CONSULTATION, "meeting", "list", clock.now())
    rows = repository.list_meetings(session, caller.areas, since)
    return Meetings(items=[MeetingOut.model_validate(row) for row in rows])
