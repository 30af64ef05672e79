"""Transfers between areas over HTTP."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.access.calls import Call, Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.errors import Conflict, NotFound
from app.foundation.web.idempotency import OperationResult
from app.ownership import repository, transfer_repository
from app.ownership.api.presenters import show_transfer
from app.ownership.models import Need, Transfer
from app.ownership.needs import transfers
from app.ownership.schemas import TransferDeclineRequest, TransferOut, TransferRequest
from app.referrals.models import Case
from app.referrals.repository import case_by_id
from app.vocabulary import NeedKind

router = APIRouter()


@router.post(
    "/cases/{case_id}/transfers",
    operation_id="requestTransfer",
    status_code=201,
    response_model=TransferOut,
    summary="The victim moves: ask the receiving area to take her safety",
)
def request_transfer(case_id: str, sent: TransferRequest, call: Writing) -> Response:
    """Plan, minutes and IDVA handover go along. This area owns her safety until the receiving co-ordinator accepts."""

    def act() -> OperationResult:
        case = case_by_id(call.session, case_id)
        if case is None:
            raise NotFound("there is no such case, or it is not yours to see")
        with call.as_system() as session:
            need, cases = _her_need_locked(session, case, call.caller.areas)
            made = transfers.request_transfer(session, call.caller, case, need, cases, sent, call.now)
            body = show_transfer(session, made).model_dump(mode="json")
        record_act(
            call.session, call.caller, Category.DISCLOSURE, "case", case_id, call.now, recipient=sent.to_area
        )
        return OperationResult(status=201, body=body, headers={"Location": f"/v1/transfers/{made.id}"})

    return call.once(sent, act)


def _her_need_locked(session: Session, case: Case, areas: frozenset[str]) -> tuple[Need, list[Case]]:
    """Her open need, which one of these areas owns, and all her cases, nobody else changing them meanwhile."""
    hers = [
        need
        for need in repository.open_needs_of_case(session, case.id)
        if need.kind == NeedKind.VICTIM_SAFETY
    ]
    cases = repository.cases_for_change(session, [need.id for need in hers])
    need = repository.need_for_change(session, hers[0].id) if hers else None
    if need is None or need.ended_at is not None or need.area not in areas:
        raise Conflict("this area does not own her safety; read the case again")
    return need, cases


@router.get(
    "/transfers/{transfer_id}", operation_id="getTransfer", summary="A transfer, what it carries, its answer"
)
def get_transfer(transfer_id: str, call: Reading) -> TransferOut:
    transfer = transfer_repository.transfer_by_id(call.session, transfer_id)
    if transfer is None:
        raise NotFound("there is no such transfer, or it is not yours to see")
    record_act(call.session, call.caller, Category.CONSULTATION, "transfer", transfer.id, call.now)
    return show_transfer(call.session, transfer)


@router.post(
    "/transfers/{transfer_id}/declines",
    operation_id="declineTransfer",
    status_code=201,
    response_model=TransferOut,
    summary="As the receiving co-ordinator, decline: the area she leaves goes on owning her safety",
)
def decline_transfer(transfer_id: str, sent: TransferDeclineRequest, call: Writing) -> Response:
    """Both areas' chairs are told why, in the same commit."""

    def act(transfer: Transfer, _need: Need, _cases: list[Case]) -> None:
        transfers.decline_transfer(call.session, call.caller, transfer, sent.reason, call.now)

    return answer_transfer_call(transfer_id, sent, call, act)


def answer_transfer_call(
    transfer_id: str, sent: BaseModel, call: Call, act: Callable[[Transfer, Need, list[Case]], None]
) -> Response:
    """One answer to one transfer, with her need and all her cases locked."""

    def answered() -> OperationResult:
        seen = transfer_repository.transfer_by_id(call.session, transfer_id)
        if seen is None:
            raise NotFound("there is no such transfer, or it is not yours to see")
        with call.as_system() as session:
            cases = repository.cases_for_change(session, [seen.need_id])
            need = repository.need_for_change(session, seen.need_id)
            transfer = transfer_repository.transfer_for_change(session, transfer_id)
            assert need is not None and transfer is not None  # noqa: S101, PT018 - seen a moment ago
            act(transfer, need, cases)
            body = show_transfer(session, transfer).model_dump(mode="json")
        record_act(call.session, call.caller, Category.ALTERATION, "transfer", transfer_id, call.now)
        return OperationResult(status=201, body=body)

    return call.once(sent, answered)
