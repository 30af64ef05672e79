"""Hearings, deferrals and discharges over HTTP."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.meetings.casework import discharges
from app.meetings.lists import deferrals
from app.meetings.models import Discharge
from app.meetings.presenters.hearings import discharge_waits_out, hearing_out
from app.meetings.schemas import (
    DeferralOut,
    DeferralRequest,
    DischargeOut,
    DischargeRequest,
    DischargeWaitsOut,
    HearingOut,
    HearingRequest,
)
from app.meetings.sitting import hearings
from app.meetings.sitting.minutes import minutes_due_on
from app.referrals.lookup import find_case

router = APIRouter(tags=["meetings"])


@router.post(
    "/cases/{case_id}/hearings",
    operation_id="recordHearing",
    status_code=201,
    response_model=HearingOut,
    summary="Record that a meeting heard the case",
)
def record_hearing(case_id: str, sent: HearingRequest, call: Writing) -> Response:
    """Records the hearing and when the minutes are due, which counts from the meeting's day."""

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        with call.as_system():
            listing, meeting = hearings.record_hearing(call.tx, case, sent.meeting_id)
            due_on = minutes_due_on(call.session, meeting, call.now)
        record_act(call.tx, Category.ALTERATION, "case", case.id)
        return OperationResult(status=201, body=hearing_out(listing, due_on).model_dump(mode="json"))

    return call.once(sent, act)


@router.post(
    "/cases/{case_id}/deferrals",
    operation_id="deferCase",
    status_code=201,
    response_model=DeferralOut,
    summary="Put a case off to a later meeting, with the reason",
)
def defer_case(case_id: str, sent: DeferralRequest, call: Writing) -> Response:
    """Moves the case to the later meeting; it stays on a list throughout.

    Because the wait grows, the chair must decide on an emergency meeting again.
    """

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        with call.as_system():
            made = deferrals.defer_case(call.tx, case, sent)
        record_act(call.tx, Category.ALTERATION, "case", case.id)
        return OperationResult(status=201, body=DeferralOut.model_validate(made).model_dump(mode="json"))

    return call.once(sent, act)


@router.post(
    "/cases/{case_id}/discharges",
    operation_id="dischargeCase",
    status_code=201,
    response_model=DischargeOut,
    responses={202: {"model": DischargeWaitsOut, "description": "Nothing is discharged: others must answer first"}},
    summary="Discharge a case, once every need has an accepted owner outside",
)
def discharge_case(case_id: str, sent: DischargeRequest, call: Writing) -> Response:
    """Answers 409 with the legal next moves while the perpetrator has no accepted owner outside the forum (I6).

    Answers 202 where the policy kept MATAC from being asked until now: it has been asked, and the discharge waits for
    its answer. Send the request again, with a fresh `Idempotency-Key`, once MATAC has answered.
    """

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        with call.as_system():
            made = discharges.discharge(call.tx, case, sent)
        record_act(call.tx, Category.ALTERATION, "case", case.id)
        if isinstance(made, Discharge):
            return OperationResult(status=201, body=DischargeOut.model_validate(made).model_dump(mode="json"))
        waits = discharge_waits_out(case.id, sent.forum, made)
        return OperationResult(status=202, body=waits.model_dump(mode="json"))

    return call.once(sent, act)
