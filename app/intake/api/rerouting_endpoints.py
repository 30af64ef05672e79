"""Decides a case anew without a new report: a person asks, or confirms it under a new policy."""

from fastapi import APIRouter, Response

from app.access.calls import Call, Writing
from app.audit.service import Category
from app.foundation.errors import Conflict, NotFound
from app.foundation.web.idempotency import OperationResult
from app.intake import service
from app.intake.answer.presenters import routed_result
from app.intake.answer.schemas import Expand, RoutedOut
from app.intake.case_reviews.review_prompts import end_answered_reviews
from app.intake.schemas import ConfirmationRequest, DecideAnewRequest
from app.intake.service import RoutingTrigger
from app.policies.authority import deciding_person
from app.policies.models import PolicyActivation
from app.policies.repository import activation_for_areas
from app.referrals.lookup import find_case, find_latest_referral
from app.referrals.models import Case
from app.referrals.repositories.case_repository import case_by_id
from app.trials.cases_to_confirm import cases_to_confirm

router = APIRouter(prefix="/v1")


@router.post(
    "/cases/{case_id}/decisions",
    operation_id="decideAnew",
    status_code=201,
    tags=["cases"],
    response_model=RoutedOut,
    summary="Have a case decided anew on everything now known",
)
def decide_anew(case_id: str, sent: DecideAnewRequest, call: Writing, expand: Expand = None) -> Response:
    """Decides the case anew, such as after a changed link. Earlier decisions stay; owners change only by acceptance."""

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        trigger = RoutingTrigger(f"{call.tx.by} asked: {sent.reason}")
        with call.as_system() as session:
            referral = find_latest_referral(session, case.id)
            routed = service.route(call.tx, referral, case, trigger)
            end_answered_reviews(call.tx, case)
            return routed_result(call, routed, Category.ALTERATION, expand)

    return call.once(sent, act)


@router.post(
    "/policy-activations/{activation_id}/cases/{case_id}/confirmations",
    operation_id="confirmRerouting",
    status_code=201,
    tags=["policies"],
    response_model=RoutedOut,
    summary="Have an open case decided anew under the policy that is now in force",
)
def confirm_rerouting(
    activation_id: str, case_id: str, sent: ConfirmationRequest, call: Writing, expand: Expand = None
) -> Response:
    """Decides the case anew for a named person who has looked. Earlier decisions stay; owners change by acceptance."""

    def act() -> OperationResult:
        activation, case = _find_case_to_confirm(call, activation_id, case_id)
        policy = f"{activation.policy_id} {activation.version}"
        trigger = RoutingTrigger(f"{deciding_person(call.caller)} confirmed {policy}: {sent.reason}")
        with call.as_system() as session:
            referral = find_latest_referral(session, case.id)
            routed = service.route(call.tx, referral, case, trigger)
            return routed_result(call, routed, Category.ALTERATION, expand)

    return call.once(sent, act)


def _find_case_to_confirm(call: Call, activation_id: str, case_id: str) -> tuple[PolicyActivation, Case]:
    """Returns the activation and the case.

    Raises `NotFound`, or `Conflict` when there is nothing to confirm yet or any more.
    """
    activation = activation_for_areas(call.session, activation_id, call.caller.areas)
    case = case_by_id(call.session, case_id)
    if activation is None or case is None:
        raise NotFound("there is no such activation or case, or it is not yours to see")
    if activation.in_force > call.now:
        raise Conflict("this policy is not in force yet; confirm its cases from its `in_force` on")
    if case.id not in {item.case.id for item in cases_to_confirm(call.session, activation).items}:
        raise Conflict("this case comes out the same under the policy, or was confirmed already")
    return activation, case
