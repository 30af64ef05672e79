"""Decides a case anew without a new report: a person asks, or another area takes over the victim's safety."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category
from app.foundation.web.idempotency import OperationResult
from app.intake import area_transfer, service
from app.intake.presenters import routed_result
from app.intake.schemas import DecideAnewRequest, RoutedOut
from app.intake.service import RoutingTrigger
from app.ownership.api.transfer_endpoints import answer_locked_transfer
from app.ownership.models import Need, Transfer
from app.ownership.response_schemas import TransferOut
from app.ownership.schemas import AcceptanceRequest
from app.referrals.lookup import find_case, find_latest_referral
from app.referrals.models import Case

router = APIRouter(prefix="/v1")


@router.post(
    "/cases/{case_id}/decisions",
    operation_id="decideAnew",
    status_code=201,
    tags=["cases"],
    response_model=RoutedOut,
    summary="Have a case decided anew on everything now known",
)
def decide_anew(case_id: str, sent: DecideAnewRequest, call: Writing) -> Response:
    """For example after a link was confirmed or withdrawn. Earlier decisions stay; owners change only by acceptance."""

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        trigger = RoutingTrigger(f"{call.tx.by} asked: {sent.reason}")
        with call.as_system() as session:
            referral = find_latest_referral(session, case.id)
            return routed_result(call, service.route(call.tx, referral, case, trigger), Category.ALTERATION)

    return call.once(sent, act)


@router.post(
    "/transfers/{transfer_id}/acceptances",
    operation_id="acceptTransfer",
    status_code=201,
    tags=["ownership"],
    response_model=TransferOut,
    summary="As the receiving co-ordinator, accept: from this instant your area owns the victim's safety",
)
def accept_transfer(transfer_id: str, sent: AcceptanceRequest, call: Writing) -> Response:
    """Ends the old area's need as MOVED and begins yours, at one instant. Your area decides and lists the cases now."""

    def act(transfer: Transfer, need: Need, cases: list[Case]) -> None:
        area_transfer.take_over_cases(call.tx, transfer, need, cases, sent.note)

    return answer_locked_transfer(transfer_id, sent, call, act)
