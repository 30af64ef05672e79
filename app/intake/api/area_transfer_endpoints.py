"""Another area takes over the victim's safety: it accepts a transfer and decides the case anew."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.intake import area_transfer
from app.ownership.api.transfer_endpoints import answer_transfer_under_lock
from app.ownership.models import Need, Transfer
from app.ownership.response_schemas import TransferOut
from app.ownership.schemas import AcceptanceRequest
from app.referrals.models import Case

router = APIRouter(prefix="/v1")


@router.post(
    "/transfers/{transfer_id}/acceptances",
    operation_id="acceptTransfer",
    status_code=201,
    tags=["ownership"],
    response_model=TransferOut,
    summary="As the receiving co-ordinator, accept: from this instant your area owns the victim's safety",
)
def accept_transfer(transfer_id: str, sent: AcceptanceRequest, call: Writing) -> Response:
    """The old area's need ends as MOVED and yours begins, at one instant. Your area decides and lists the cases now."""

    def act(transfer: Transfer, need: Need, cases: list[Case]) -> None:
        area_transfer.take_over_cases(call.tx, transfer, need, cases, sent.note)

    return answer_transfer_under_lock(transfer_id, sent, call, act)
