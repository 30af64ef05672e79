"""Proposed links between pseudonyms over HTTP: listed, proposed, refused. Links that stand are in `intake`."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.errors import Invalid
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.people import links, repository
from app.people.lookup import find_link_proposal
from app.people.presenters import show_proposals
from app.people.schemas import (
    LinkProposalOut,
    LinkProposalRequest,
    LinkReasonRequest,
    LinkState,
)

router = APIRouter(prefix="/v1", tags=["people"])


@router.get(
    "/link-proposals",
    operation_id="listLinkProposals",
    summary="Pseudonyms that may be one person and wait for somebody to look, the newest first",
)
def list_link_proposals(
    call: Reading,
    state: Annotated[list[LinkState] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Page[LinkProposalOut]:
    limit, states = min(limit, MOST_ITEMS), sorted(set(state or []))
    key = call.cursor_key(f"link-proposals {states}")
    after = _position(key.read(cursor)) if cursor else None
    rows = repository.list_proposals(call.session, states, after, limit + 1)
    record_act(call.session, call.caller, Category.CONSULTATION, "link-proposal", "list", call.now)
    path = f"/v1/link-proposals?{call.query_without_cursor()}"
    page = page_of(rows, limit, key, lambda row: (row.proposed_at.isoformat(), row.id), path)
    return Page(items=show_proposals(call.session, page.items), page=page.page, links=page.links)


def _position(parts: list[str]) -> tuple[datetime, str]:
    return datetime.fromisoformat(parts[0]), parts[1]


@router.post(
    "/link-proposals",
    operation_id="proposeLink",
    status_code=201,
    response_model=LinkProposalOut,
    summary="Say that two pseudonyms may be one person; a second person confirms",
)
def propose_link(sent: LinkProposalRequest, call: Writing) -> Response:
    """At least one of the two must be a pseudonym that you may see."""

    def act() -> OperationResult:
        if not repository.persons(call.session, [sent.one_ref, sent.other_ref]):
            raise Invalid("neither pseudonym is one that you may see")
        with call.as_system() as session:
            made = links.propose_link(session, call.caller, sent, call.now)
            record_act(session, call.caller, Category.COLLECTION, "link-proposal", made.id, call.now)
            shown = show_proposals(session, [made])[0]
        return OperationResult(status=201, body=shown.model_dump(mode="json"))

    return call.once(sent, act)


@router.post(
    "/link-proposals/{proposal_id}/refusals",
    operation_id="refuseLink",
    status_code=201,
    response_model=LinkProposalOut,
    summary="Say that two pseudonyms are not one person",
)
def refuse_link(proposal_id: str, sent: LinkReasonRequest, call: Writing) -> Response:
    """The rule of the same identifier will not link them later without asking again."""

    def act() -> OperationResult:
        proposal = find_link_proposal(call.session, proposal_id)
        with call.as_system() as session:
            links.refuse(session, call.caller, proposal, sent.reason, call.now)
            record_act(session, call.caller, Category.ALTERATION, "link-proposal", proposal.id, call.now)
            shown = show_proposals(session, [proposal])[0]
        return OperationResult(status=201, body=shown.model_dump(mode="json"))

    return call.once(sent, act)
