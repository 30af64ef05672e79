"""Where a case is decided anew although nobody reported anything: her safety was taken over, or a person asks."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category
from app.foundation.errors import NotFound
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.schema import Strict, Text
from app.intake import area_transfer, service
from app.intake.presenters import answer_routed
from app.intake.schemas import RoutedOut
from app.ownership.api.transfer_endpoints import answer_locked_transfer
from app.ownership.models import Need, Transfer
from app.ownership.response_schemas import TransferOut
from app.ownership.schemas import AcceptanceRequest
from app.referrals.lookup import find_case
from app.referrals.models import Case
from app.referrals.repository import latest_referral_of
from app.vocabulary import EventType

router = APIRouter(prefix="/v1")


class DecideAnewRequest(Strict):
    """Why the case should be looked at again, in a person's words."""

    reason: Text


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
        with call.as_system() as session:
            referral = latest_referral_of(session, case.id)
            if referral is None:
                raise NotFound("this case has no referral")
            because = f"{call.caller.answerable} asked: {sent.reason}"
            routed = service.route(
                session, call.caller, referral, case, because, EventType.REFERRAL_REROUTED, call.now
            )
            return answer_routed(call, routed, Category.ALTERATION)

    return call.once(sent, act)


@router.post(
    "/transfers/{transfer_id}/acceptances",
    operation_id="acceptTransfer",
    status_code=201,
    tags=["ownership"],
    response_model=TransferOut,
    summary="As the receiving co-ordinator, accept: from this instant your area owns her safety",
)
def accept_transfer(transfer_id: str, sent: AcceptanceRequest, call: Writing) -> Response:
    """The old area's need ends as MOVED and yours begins, at one instant. Her cases are decided and listed here now."""

    def act(transfer: Transfer, need: Need, cases: list[Case]) -> None:
        area_transfer.take_over(call.session, call.caller, transfer, need, cases, sent.note, call.now)

    return answer_locked_transfer(transfer_id, sent, call, act)
