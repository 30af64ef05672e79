"""Previews a referral's decision over HTTP, and confirms that an open case is decided under a new policy."""

from fastapi import APIRouter, Response

from app.access.calls import Call, Reading, Writing
from app.access.service import area_or_refuse
from app.audit.service import Category, record_act
from app.foundation.errors import Conflict, NotFound
from app.foundation.storage.read_only import read_only
from app.foundation.web.idempotency import OperationResult
from app.intake import service as intake
from app.intake.presenters import routed_result
from app.intake.previews import service
from app.intake.previews.schemas import ConfirmationRequest, PreviewOut
from app.intake.schemas import RoutedOut
from app.intake.service import RoutingTrigger
from app.policies.authority import deciding_person
from app.policies.models import PolicyActivation
from app.policies.repository import activation_by_id
from app.referrals.lookup import find_latest_referral
from app.referrals.models import Case
from app.referrals.presenters import explanation_out
from app.referrals.repository import case_by_id
from app.referrals.schemas import ReferralRequest
from app.trials.cases_to_confirm import cases_to_confirm

router = APIRouter(prefix="/v1", tags=["policies"])


@router.post(
    "/routing-previews",
    operation_id="previewRouting",
    summary="Preview the decision that a referral would get; nothing is stored",
)
def preview_routing(sent: ReferralRequest, call: Reading) -> PreviewOut:
    """Takes the same body and makes the same checks and refusals as a referral. The database refuses any write."""
    area_or_refuse(call.session, call.caller, sent.area)
    # Sees across agencies as routing does, and the database refuses every write meanwhile.
    with call.as_system(), read_only(call.session):
        preview = service.preview_referral(call.tx, sent)
    case_id = preview.case_id or "none"
    record_act(call.tx, Category.CONSULTATION, "routing-preview", case_id)
    return PreviewOut(
        case_id=preview.case_id,
        decision=preview.decision,
        explanation=explanation_out(preview.decision),
        hearing=preview.hearing,
    )


@router.post(
    "/policy-activations/{activation_id}/cases/{case_id}/confirmations",
    operation_id="confirmRerouting",
    status_code=201,
    response_model=RoutedOut,
    summary="Have an open case decided anew under the policy that is now in force",
)
def confirm_rerouting(activation_id: str, case_id: str, sent: ConfirmationRequest, call: Writing) -> Response:
    """Decides the case anew for a named person who has looked. Earlier decisions stay; owners change by acceptance."""

    def act() -> OperationResult:
        activation, case = _find_case_to_confirm(call, activation_id, case_id)
        policy = f"{activation.policy_id} {activation.version}"
        trigger = RoutingTrigger(f"{deciding_person(call.caller)} confirmed {policy}: {sent.reason}")
        with call.as_system() as session:
            referral = find_latest_referral(session, case.id)
            routed = intake.route(call.tx, referral, case, trigger)
            return routed_result(call, routed, Category.ALTERATION)

    return call.once(sent, act)


def _find_case_to_confirm(call: Call, activation_id: str, case_id: str) -> tuple[PolicyActivation, Case]:
    """The activation and the case. Raises `NotFound`, or `Conflict` when there is nothing to confirm yet or any more."""
    activation, case = activation_by_id(call.session, activation_id), case_by_id(call.session, case_id)
    if activation is None or case is None:
        raise NotFound("there is no such activation or case, or it is not yours to see")
    if activation.in_force > call.now:
        raise Conflict("this policy is not in force yet; confirm its cases from its `in_force` on")
    if case.id not in {item.case_id for item in cases_to_confirm(call.session, activation).items}:
        raise Conflict("this case comes out the same under the policy, or was confirmed already")
    return activation, case
