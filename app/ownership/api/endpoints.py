"""Needs, proposals and answers over HTTP. An acceptance is posted through `intake`, because it lists the case."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.access.calls import Call, Reading, Writing
from app.access.victims_area import refuse_area_asked
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.ownership import proposal_repository
from app.ownership.api import ending_endpoints, need_endpoints, transfer_endpoints
from app.ownership.api.lookup import find_need, find_proposal
from app.ownership.api.presenters import need_out, proposals_out
from app.ownership.models import Need, Proposal
from app.ownership.proposals import declines, withdrawals
from app.ownership.proposals.asked_agency import refuse_unless_asked
from app.ownership.proposals.locked_proposal import lock_proposal
from app.ownership.response_schemas import NeedOut, ProposalOut
from app.ownership.schemas import DeclineRequest, WithdrawalRequest
from app.vocabulary import ProposalState

router = APIRouter(prefix="/v1", tags=["ownership"])
router.include_router(need_endpoints.router)
router.include_router(ending_endpoints.router)
router.include_router(transfer_endpoints.router)


@router.get("/needs/{need_id}", operation_id="getNeed", summary="A need, its one accepted owner, and who was asked")
def get_need(need_id: str, call: Reading) -> NeedOut:
    need = find_need(call.session, need_id)
    record_act(call.tx, Category.CONSULTATION, "need", need.id)
    return need_out(call.session, need, call.caller)


@router.get(
    "/proposals",
    operation_id="listProposals",
    summary="Who has been asked to lead or support, and what they answered, the newest first",
)
def list_proposals(
    call: Reading,
    state: Annotated[list[ProposalState] | None, Query()] = None,
    area: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Page[ProposalOut]:
    """Lists proposals. With `state=DECLINED` or `state=EXPIRED` this is the chair's list of what was not taken."""
    refuse_area_asked(call.caller, area)
    limit, states = min(limit, MOST_ITEMS), state or []
    key = call.cursor_key(f"proposals {sorted(states)} {area}")
    after = key.read_instant(cursor) if cursor else None
    rows = proposal_repository.list_proposals(call.session, states, area, after, limit + 1)
    record_act(call.tx, Category.CONSULTATION, "proposal", "list")
    here = f"/v1/proposals?{call.query_without_cursor()}"
    page = page_of(rows, limit, key, lambda row: (row.proposed_at.isoformat(), row.id), here)
    return Page(items=proposals_out(call.session, page.items, call.caller), page=page.page, links=page.links)


@router.post(
    "/proposals/{proposal_id}/declines",
    operation_id="declineProposal",
    status_code=201,
    response_model=NeedOut,
    summary="Decline with a reason: the present owner keeps the need, the chair is told",
)
def decline_proposal(proposal_id: str, sent: DeclineRequest, call: Writing) -> Response:
    """Records the decline.

    A claim that another forum manages the perpetrator is checked; `claim_holds` says whether that forum accepted.
    """

    def decline(proposal: Proposal, need: Need) -> None:
        refuse_unless_asked(call.caller, proposal)
        declines.decline_proposal(call.tx, proposal, need, sent)

    return _answer_locked_proposal(proposal_id, sent, call, decline)


@router.post(
    "/proposals/{proposal_id}/withdrawals",
    operation_id="withdrawProposal",
    status_code=201,
    response_model=NeedOut,
    summary="Withdraw a proposal that you sent, before it is answered",
)
def withdraw_proposal(proposal_id: str, sent: WithdrawalRequest, call: Writing) -> Response:
    """Withdraws the request; the owner stays. If no forum is asked any more, the next is, with a duty to propose."""

    def withdraw(proposal: Proposal, need: Need) -> None:
        withdrawals.withdraw_by_sender(call.tx, proposal, need, sent)

    return _answer_locked_proposal(proposal_id, sent, call, withdraw)


def _answer_locked_proposal(
    proposal_id: str, sent: BaseModel, call: Call, answer: Callable[[Proposal, Need], None]
) -> Response:
    """Gives one answer under the need's lock, so that concurrent answers about a need come one after another."""

    def answered() -> OperationResult:
        need_id = find_proposal(call.session, proposal_id).need_id
        with call.as_system() as session:
            locked = lock_proposal(session, proposal_id, need_id)
            answer(locked.proposal, locked.need)
            body = need_out(session, locked.need, call.caller).model_dump(mode="json")
        record_act(call.tx, Category.ALTERATION, "proposal", proposal_id)
        return OperationResult(status=201, body=body)

    return call.once(sent, answered)
