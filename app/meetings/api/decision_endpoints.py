"""Emergency decisions, MAPPA referrals and previous plans over HTTP."""

from datetime import timedelta

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.clock import london_date
from app.foundation.errors import NotFound
from app.foundation.web.idempotency import OperationResult
from app.meetings.agenda_response_schemas import PreviousPlanOut
from app.meetings.casework import emergency_decisions, mappa_referrals
from app.meetings.decision_schemas import (
    EmergencyOut,
    EmergencyRequest,
    MappaReferralOut,
    MappaReferralRequest,
)
from app.meetings.lookup import require_visible_case
from app.meetings.presenters.mappa_referrals import mappa_referral_out
from app.meetings.presenters.previous_plan import previous_plan_out
from app.referrals.lookup import find_case
from app.vocabulary import Forum

router = APIRouter(tags=["cases"])


@router.post(
    "/cases/{case_id}/emergency-decisions",
    operation_id="decideEmergencyMeeting",
    status_code=201,
    response_model=EmergencyOut,
    summary="Decide whether the case waits for its hearing, with the reason",
)
def decide_emergency_meeting(case_id: str, sent: EmergencyRequest, call: Writing) -> Response:
    """Records the chair's answer. HOLD puts the case on the emergency meeting's list at once and asks for research.

    Safety measures do not wait for a meeting.
    """

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        with call.as_system():
            made = emergency_decisions.decide_emergency_meeting(call.tx, case, sent)
        record_act(call.tx, Category.ALTERATION, "case", case.id)
        return OperationResult(status=201, body=EmergencyOut.model_validate(made).model_dump(mode="json"))

    return call.once(sent, act)


@router.post(
    "/cases/{case_id}/mappa-referrals",
    operation_id="referToMappa",
    status_code=201,
    response_model=MappaReferralOut,
    summary="Ask MAPPA to manage the perpetrator at level 2 or 3, as any responsible or co-operating agency",
)
def refer_to_mappa(case_id: str, sent: MappaReferralRequest, call: Writing) -> Response:
    """Asks MAPPA to lead. The present owner remains until MAPPA accepts.

    A level that declined on the same facts is not asked again.
    """

    def act() -> OperationResult:
        require_visible_case(call.session, case_id)
        with call.as_system():
            case = find_case(call.session, case_id)
            made = mappa_referrals.refer_to_mappa(call.tx, case, sent)
        record_act(call.tx, Category.ALTERATION, "case", case.id)
        return OperationResult(status=201, body=mappa_referral_out(made).model_dump(mode="json"))

    return call.once(sent, act)


@router.get(
    "/cases/{case_id}/previous-plan",
    operation_id="getPreviousPlan",
    summary="The plan of the last hearing, with what became of each action",
)
def get_previous_plan(case_id: str, call: Reading) -> PreviousPlanOut:
    """Answers 404 while the case has not been heard before."""
    case = find_case(call.session, case_id)
    record_act(call.tx, Category.CONSULTATION, "case", case.id)
    # Before tomorrow, so that a hearing of today is the last one already.
    tomorrow = london_date(call.now) + timedelta(days=1)
    plan = previous_plan_out(call.session, case, Forum.MARAC, tomorrow, call.now)
    if plan is None:
        raise NotFound("this case has not been heard before, so there is no earlier plan")
    return plan
