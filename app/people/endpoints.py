"""Proposed links between pseudonyms over HTTP: list, propose, refuse.

`intake` holds the endpoints of links themselves.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.people import links, repository
from app.people.lookup import find_link_proposal
from app.people.presenters import link_proposals_out
from app.people.schemas import LinkProposalOut, LinkProposalRequest, LinkReasonRequest
from app.people.vocabulary import LinkState

router = APIRouter(prefix="/v1", tags=["people"])


@router.get(
    "/link-proposals",
    operation_id="listLinkProposals",
    summary="List pseudonyms that may be one person, the newest proposal first",
)
def list_link_proposals(
    call: Reading,
    state: Annotated[list[LinkState] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Page[LinkProposalOut]:
    limit, states = min(limit, MOST_ITEMS), sorted(set(state or []))
    key = call.cursor_key(f"link-proposals {states}")
    after = key.read_instant(cursor) if cursor else None
    rows = repository.list_proposals(call.session, states, after, limit + 1, call.now)
    record_act(call.tx, Category.CONSULTATION, "link-proposal", "list")
    path = f"/v1/link-proposals?{call.query_without_cursor()}"
    page = page_of(rows, limit, key, lambda row: (row.proposed_at.isoformat(), row.id), path)
    return Page(items=link_proposals_out(call.session, page.items, call.now), page=page.page, links=page.links)


@router.post(
    "/link-proposals",
    operation_id="proposeLink",
    status_code=201,
    response_model=LinkProposalOut,
    summary="Propose that two pseudonyms are one person; a second person confirms",
)
def propose_link(sent: LinkProposalRequest, call: Writing) -> Response:
    """You must see one of the two. Whoever holds the other is asked; the answer does not tell whether anybody does.

    A proposal that nobody answers by `answer_by` lapses.
    """

    def act() -> OperationResult:
        area = links.refuse_what_is_seen(call.tx, sent)
        with call.as_system():
            made = links.propose_link(call.tx, sent, area)
            record_act(call.tx, Category.COLLECTION, "link-proposal", made.id)
        body = link_proposals_out(call.session, [made], call.now)[0]
        return OperationResult(status=201, body=body.model_dump(mode="json"))

    return call.once(sent, act)


@router.post(
    "/link-proposals/{proposal_id}/refusals",
    operation_id="refuseLink",
    status_code=201,
    response_model=LinkProposalOut,
    summary="Refuse a proposed link: the two pseudonyms are not one person",
)
def refuse_link(proposal_id: str, sent: LinkReasonRequest, call: Writing) -> Response:
    """Records the refusal. The same-identifier rule does not link the two later without asking a person again."""

    def act() -> OperationResult:
        proposal = find_link_proposal(call.session, proposal_id)
        area = links.answering_area(call.tx, proposal)
        with call.as_system():
            links.refuse_proposal(call.tx, proposal, area, sent.reason)
            record_act(call.tx, Category.ALTERATION, "link-proposal", proposal.id)
        body = link_proposals_out(call.session, [proposal], call.now)[0]
        return OperationResult(status=201, body=body.model_dump(mode="json"))

    return call.once(sent, act)
