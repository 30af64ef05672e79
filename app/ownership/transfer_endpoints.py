"""Transfers between areas over HTTP."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, rows_of
from app.access.service import as_system
from app.audit.service import Category, record_act
from app.foundation.caller import Caller
from app.foundation.errors import Conflict, NotFound
from app.foundation.idempotency import Answer, IdempotencyKey, once
from app.ownership import repository, transfer_repository, transfers
from app.ownership.models import Need, Transfer
from app.ownership.schemas import AcceptanceRequest, TransferDeclineRequest, TransferOut, TransferRequest
from app.ownership.views import show_transfer
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
def request_transfer(
    case_id: str,
    sent: TransferRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Plan, minutes and IDVA handover go along. This area owns her safety until the receiving co-ordinator accepts."""

    def act() -> Answer:
        case = case_by_id(session, case_id)
        if case is None:
            raise NotFound("there is no such case, or it is not yours to see")
        with as_system(session, caller, rows_of(request)):
            seen = _her_need(session, case)
            cases = repository.cases_for_change(session, [seen.id])
            need = repository.need_for_change(session, seen.id)
            if need is None or need.ended_at is not None or need.area not in caller.areas:
                raise Conflict("this area does not own her safety any more; read the case again")
            made = transfers.request_transfer(session, caller, case, need, cases, sent, clock.now())
            body = show_transfer(session, made).model_dump(mode="json")
        record_act(session, caller, Category.DISCLOSURE, "case", case.id, clock.now(), recipient=sent.to_area)
        return Answer(status=201, body=body, headers={"Location": f"/v1/transfers/{made.id}"})

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


def _her_need(session: DatabaseSession, case: Case) -> Need:
    for need in repository.open_needs_of_case(session, case.id):
        if need.kind == NeedKind.VICTIM_SAFETY:
            return need
    raise Conflict("her safety is not open in this case; a new referral or incident opens it")


@router.get(
    "/transfers/{transfer_id}", operation_id="getTransfer", summary="A transfer, what it carries, its answer"
)
def get_transfer(
    transfer_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> TransferOut:
    transfer = transfer_repository.transfer_by_id(session, transfer_id)
    if transfer is None:
        raise NotFound("there is no such transfer, or it is not yours to see")
    record_act(session, caller, Category.CONSULTATION, "transfer", transfer.id, clock.now())
    return show_transfer(session, transfer)


@router.post(
    "/transfers/{transfer_id}/acceptances",
    operation_id="acceptTransfer",
    status_code=201,
    response_model=TransferOut,
    summary="As the receiving co-ordinator, accept: from this instant your area owns her safety",
)
def accept_transfer(
    transfer_id: str,
    sent: AcceptanceRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """The need of the area she leaves ends as MOVED, and yours begins, at one instant. Her cases are routed here now."""

    def act(transfer: Transfer, need: Need, cases: list[Case]) -> None:
        transfers.accept_transfer(session, caller, transfer, need, cases, sent.note, clock.now())

    return _answered(transfer_id, sent, request, caller, session, clock.now(), key, act)


@router.post(
    "/transfers/{transfer_id}/declines",
    operation_id="declineTransfer",
    status_code=201,
    response_model=TransferOut,
    summary="As the receiving co-ordinator, decline: the area she leaves goes on owning her safety",
)
def decline_transfer(
    transfer_id: str,
    sent: TransferDeclineRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Both areas' chairs are told why, in the same commit."""

    def act(transfer: Transfer, _need: Need, _cases: list[Case]) -> None:
        transfers.decline_transfer(session, caller, transfer, sent.reason, clock.now())

    return _answered(transfer_id, sent, request, caller, session, clock.now(), key, act)


def _answered(
    transfer_id: str,
    sent: BaseModel,
    request: Request,
    caller: Caller,
    session: DatabaseSession,
    now: datetime,
    key: str | None,
    act: Callable[[Transfer, Need, list[Case]], None],
) -> Response:
    """One answer to one transfer, with her need and all her cases locked."""

    def answered() -> Answer:
        seen = transfer_repository.transfer_by_id(session, transfer_id)
        if seen is None:
            raise NotFound("there is no such transfer, or it is not yours to see")
        with as_system(session, caller, rows_of(request)):
            cases = repository.cases_for_change(session, [seen.need_id])
            need = repository.need_for_change(session, seen.need_id)
            transfer = transfer_repository.transfer_for_change(session, transfer_id)
            assert need is not None and transfer is not None  # noqa: S101, PT018 - seen a moment ago
            act(transfer, need, cases)
            body = show_transfer(session, transfer).model_dump(mode="json")
        record_act(session, caller, Category.ALTERATION, "transfer", transfer_id, now)
        return Answer(status=201, body=body)

    return once(session, request, caller.client_id, key, sent, now, answered)
