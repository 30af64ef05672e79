"""Transfers between areas over HTTP."""

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.errors import Conflict
from app.foundation.web.idempotency import OperationResult
from app.ownership import repository
from app.ownership.api.lookup import find_transfer
from app.ownership.api.presenters import answered_transfer_result, transfer_out
from app.ownership.models import Need
from app.ownership.needs import transfers
from app.ownership.needs.locked_transfer import lock_transfer
from app.ownership.response_schemas import TransferOut
from app.ownership.schemas import TransferDeclineRequest, TransferRequest
from app.referrals.lookup import find_case
from app.referrals.models import Case
from app.vocabulary import NeedKind

router = APIRouter()


@router.post(
    "/cases/{case_id}/transfers",
    operation_id="requestTransfer",
    status_code=201,
    response_model=TransferOut,
    summary="The victim moves: ask the receiving area to own the victim's safety",
)
def request_transfer(case_id: str, sent: TransferRequest, call: Writing) -> Response:
    """Plan, minutes and IDVA handover go along.

    This area owns the victim's safety until the receiving co-ordinator accepts.
    """

    def request() -> OperationResult:
        case = find_case(call.session, case_id)  # among the caller's own rows, before the filter is lifted
        with call.as_system() as session:
            need, cases = _locked_safety_need(session, case, call.caller.areas)
            transfer = transfers.request_transfer(call.tx, case, need, cases, sent)
            body = transfer_out(session, transfer).model_dump(mode="json")
        record_act(call.tx, Category.DISCLOSURE, "case", case_id, recipient=sent.to_area)
        return OperationResult(status=201, body=body, headers={"Location": f"/v1/transfers/{transfer.id}"})

    return call.once(sent, request)


def _locked_safety_need(session: Session, case: Case, areas: frozenset[str]) -> tuple[Need, list[Case]]:
    """Returns the victim's open safety need, which one of these areas owns, and all cases it serves, locked."""
    safety = [need for need in repository.open_needs_of_case(session, case.id) if need.kind == NeedKind.VICTIM_SAFETY]
    cases = repository.cases_for_change(session, [need.id for need in safety])
    need = repository.need_for_change(session, safety[0].id) if safety else None
    # Read before the lock, it may have ended since.
    if need is None or need.ended_at is not None or need.area not in areas:
        raise Conflict("this area does not own the victim's safety; read the case again")
    return need, cases


@router.get("/transfers/{transfer_id}", operation_id="getTransfer", summary="A transfer, what it carries, its answer")
def get_transfer(transfer_id: str, call: Reading) -> TransferOut:
    transfer = find_transfer(call.session, transfer_id)
    record_act(call.tx, Category.CONSULTATION, "transfer", transfer.id)
    return transfer_out(call.session, transfer)


@router.post(
    "/transfers/{transfer_id}/declines",
    operation_id="declineTransfer",
    status_code=201,
    response_model=TransferOut,
    summary="As the receiving co-ordinator, decline: the other area still owns the victim's safety",
)
def decline_transfer(transfer_id: str, sent: TransferDeclineRequest, call: Writing) -> Response:
    """Records the decline, and tells both areas' chairs why in the same commit."""

    def decline() -> OperationResult:
        need_id = find_transfer(call.session, transfer_id).need_id
        # Both areas see the transfer; the receiving area does not see the need before it accepts.
        with call.as_system() as session:
            transfer = lock_transfer(session, transfer_id, need_id).transfer
            transfers.decline_transfer(call.tx, transfer, sent.reason)
            return answered_transfer_result(call.tx, transfer)

    return call.once(sent, decline)
