"""Another area takes over the victim's safety: it accepts a transfer and decides the case anew."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.foundation.web.idempotency import OperationResult
from app.intake import area_transfer
from app.ownership.api.lookup import find_transfer
from app.ownership.api.presenters import answered_transfer_result
from app.ownership.needs.locked_transfer import lock_transfer
from app.ownership.response_schemas import TransferOut
from app.ownership.schemas import AcceptanceRequest

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

    def accept() -> OperationResult:
        need_id = find_transfer(call.session, transfer_id).need_id
        # Both areas see the transfer; the receiving area does not see the need before it accepts.
        with call.as_system() as session:
            locked = lock_transfer(session, transfer_id, need_id)
            area_transfer.take_over_cases(call.tx, locked.transfer, locked.need, locked.cases, sent.note)
            return answered_transfer_result(call.tx, locked.transfer)

    return call.once(sent, accept)
