"""Hearings, deferrals and discharges over HTTP."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.meetings import calendar_repository
from app.meetings.casework import discharges
from app.meetings.lists import hearings, lists
from app.meetings.models import Discharge
from app.meetings.schemas import (
    AskedOut,
    DeferralOut,
    DeferralRequest,
    DischargeOut,
    DischargeRequest,
    DischargeWaitsOut,
    HearingOut,
    HearingRequest,
)
from app.ownership.models import Proposal
from app.referrals.lookup import find_case
from app.referrals.models import Case

router = APIRouter(tags=["meetings"])


@router.post(
    "/cases/{case_id}/hearings",
    operation_id="recordHearing",
    status_code=201,
    response_model=HearingOut,
    summary="Record that a meeting heard the case",
)
def record_hearing(
    case_id: str,
    sent: HearingRequest,
    call: Writing,
) -> Response:
    """The clock for the minutes starts with the meeting's day."""

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        with call.as_system():
            listing = hearings.hear_case(call.session, case, sent.meeting_id, call.now)
            meeting = calendar_repository.meeting_by_id(call.session, sent.meeting_id)
            assert meeting is not None  # noqa: S101 - heard a moment ago
            due_on = hearings.minutes_due_on(call.session, meeting, call.now)
        record_act(call.session, call.caller, Category.ALTERATION, "case", case.id, call.now)
        heard = HearingOut(
            case_id=case.id, meeting_id=meeting.id, heard_on=listing.heard_on, minutes_due_on=due_on
        )
        return OperationResult(status=201, body=heard.model_dump(mode="json"))

    return call.once(sent, act)


@router.post(
    "/cases/{case_id}/deferrals",
    operation_id="deferCase",
    status_code=201,
    response_model=DeferralOut,
    summary="Put a case off to a later meeting, with the reason",
)
def defer_case(
    case_id: str,
    sent: DeferralRequest,
    call: Writing,
) -> Response:
    """The case is on a list throughout; the longer wait asks again whether to meet sooner."""

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        with call.as_system():
            made = lists.defer_case(call.session, call.caller, case, sent, call.now)
        record_act(call.session, call.caller, Category.ALTERATION, "case", case.id, call.now)
        return OperationResult(status=201, body=DeferralOut.model_validate(made).model_dump(mode="json"))

    return call.once(sent, act)


@router.post(
    "/cases/{case_id}/discharges",
    operation_id="dischargeCase",
    status_code=201,
    response_model=DischargeOut,
    responses={
        202: {"model": DischargeWaitsOut, "description": "Nothing is discharged: others must answer first"}
    },
    summary="Let a case go, once every need has an accepted owner outside",
)
def discharge_case(
    case_id: str,
    sent: DischargeRequest,
    call: Writing,
) -> Response:
    """409 with the legal next moves while the perpetrator has no accepted owner outside the forum (I6).

    202 where the area's policy kept MATAC from being asked until now: it has been asked, and the discharge waits for its
    answer. Send it again, with a fresh `Idempotency-Key`, once MATAC has answered.
    """

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        with call.as_system():
            made = discharges.discharge(call.session, call.caller, case, sent, call.now)
        record_act(call.session, call.caller, Category.ALTERATION, "case", case.id, call.now)
        return _discharged(case, sent, made)

    return call.once(sent, act)


def _discharged(case: Case, sent: DischargeRequest, made: Discharge | list[Proposal]) -> OperationResult:
    if isinstance(made, Discharge):
        return OperationResult(status=201, body=DischargeOut.model_validate(made).model_dump(mode="json"))
    asked = [
        AskedOut.model_validate(
            {"proposal_id": one.id, "forum": one.forum, "kind": one.kind, "answer_by": one.answer_by}
        )
        for one in made
    ]
    waits = DischargeWaitsOut(case_id=case.id, forum=sent.forum, waits_for=asked)
    return OperationResult(status=202, body=waits.model_dump(mode="json"))
