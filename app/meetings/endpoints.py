"""Meetings, hearings and discharges over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, rows_of
from app.access.service import area_or_refuse, as_system
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.idempotency import Answer, IdempotencyKey, once
from app.foundation.schema import CivilDate, Shown
from app.meetings import repository, service
from app.meetings.schemas import (
    DischargeOut,
    DischargeRequest,
    HearingOut,
    HearingRequest,
    MeetingOut,
    MeetingRequest,
)
from app.referrals.models import Case
from app.referrals.repository import case_by_id

router = APIRouter(prefix="/v1", tags=["meetings"])


class Meetings(Shown):
    """The areas' meetings, the soonest first."""

    items: list[MeetingOut]


@router.post("/meetings", operation_id="scheduleMeeting", status_code=201, response_model=MeetingOut,
             summary="Put a meeting and its cut-off in the calendar")
def schedule_meeting(
    sent: MeetingRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    def act() -> Answer:
        area_or_refuse(session, caller, sent.area)
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


@router.post("/cases/{case_id}/hearings", operation_id="recordHearing", status_code=201, response_model=HearingOut,
             summary="Record that a meeting heard the case")
def record_hearing(
    case_id: str,
    sent: HearingRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    def act() -> Answer:
        case = _case(session, case_id)
        with as_system(session, caller, rows_of(request)):
            listing = service.hear_case(session, case, sent.meeting_id, clock.now())
        record_act(session, caller, Category.ALTERATION, "case", case.id, clock.now())
        heard = HearingOut(case_id=case.id, meeting_id=sent.meeting_id, heard_on=listing.heard_on)
        return Answer(status=201, body=heard.model_dump(mode="json"))

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


@router.post("/cases/{case_id}/discharges", operation_id="dischargeCase", status_code=201,
             response_model=DischargeOut, summary="Let a case go, once every need has an accepted owner outside")
def discharge_case(
    case_id: str,
    sent: DischargeRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """409 with the legal next moves while the perpetrator has no accepted owner outside the forum (I6)."""

    def act() -> Answer:
        case = _case(session, case_id)
        with as_system(session, caller, rows_of(request)):
            made = service.discharge(session, caller, case, sent, clock.now())
        record_act(session, caller, Category.ALTERATION, "case", case.id, clock.now())
        return Answer(status=201, body=DischargeOut.model_validate(made).model_dump(mode="json"))

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


def _case(session: DatabaseSession, case_id: str) -> Case:
    case = case_by_id(session, case_id)
    if case is None:
        raise NotFound("there is no such case, or it is not yours to see")
    return case
