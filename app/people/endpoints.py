"""Who is whom, over HTTP: links are proposed, confirmed, refused, shown and withdrawn."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, cursor_key, rows_of
from app.access.service import as_system
from app.audit.service import Category, record_act
from app.foundation.errors import Invalid, NotFound
from app.foundation.idempotency import Answer, IdempotencyKey, once
from app.foundation.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.people import links, repository
from app.people.links import Joint
from app.people.models import LinkProposal, PersonLink
from app.people.schemas import (
    LinkProposalOut,
    LinkProposalRequest,
    LinkState,
    LinkWeightOut,
    ReasonRequest,
)
from app.people.views import show_links, show_proposals

router = APIRouter(prefix="/v1", tags=["people"])
DecisionsAcross = Callable[[Session, frozenset[str], frozenset[str]], Sequence[str]]


def decisions_across(request: Request) -> DecisionsAcross:
    """The room of referrals stands above this one, so the application hands its answer down."""
    answer: DecisionsAcross = request.app.state.decisions_across
    return answer


TheDecisionsAcross = Annotated[DecisionsAcross, Depends(decisions_across)]


@router.get(
    "/link-proposals",
    operation_id="listLinkProposals",
    summary="Pseudonyms that may be one person and wait for somebody to look, the newest first",
)
def list_link_proposals(
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    state: Annotated[list[LinkState] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Page[LinkProposalOut]:
    limit, states = min(limit, MOST_ITEMS), sorted(set(state or []))
    key = cursor_key(request, caller, f"link-proposals {states}")
    after = _position(key.read(cursor)) if cursor else None
    rows = repository.list_proposals(session, states, after, limit + 1)
    record_act(session, caller, Category.CONSULTATION, "link-proposal", "list", clock.now())
    query = "&".join(f"{k}={v}" for k, v in request.query_params.multi_items() if k != "cursor")
    path = f"/v1/link-proposals?{query}&"
    page = page_of(rows, limit, key, lambda row: (row.proposed_at.isoformat(), row.id), path)
    return Page(items=show_proposals(session, page.items), page=page.page, links=page.links)


def _position(parts: list[str]) -> tuple[datetime, str]:
    return datetime.fromisoformat(parts[0]), parts[1]


@router.post(
    "/link-proposals",
    operation_id="proposeLink",
    status_code=201,
    response_model=LinkProposalOut,
    summary="Say that two pseudonyms may be one person; a second person confirms",
)
def propose_link(
    sent: LinkProposalRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """At least one of the two must be a pseudonym that you may see."""

    def act() -> Answer:
        if not repository.persons(session, [sent.one_ref, sent.other_ref]):
            raise Invalid("neither pseudonym is one that you may see")
        with as_system(session, caller, rows_of(request)):
            made = links.propose_link(session, caller, sent, clock.now())
            record_act(session, caller, Category.COLLECTION, "link-proposal", made.id, clock.now())
            shown = show_proposals(session, [made])[0]
        return Answer(status=201, body=shown.model_dump(mode="json"))

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


@router.post(
    "/link-proposals/{proposal_id}/confirmations",
    operation_id="confirmLink",
    status_code=201,
    response_model=LinkWeightOut,
    summary="Confirm that two pseudonyms are one person, and see which decisions now count differently",
)
def confirm_link(
    proposal_id: str,
    sent: ReasonRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    across: TheDecisionsAcross,
    key: IdempotencyKey = None,
) -> Response:
    """409 when the two have met in one incident as victim and perpetrator."""

    def act() -> Answer:
        proposal = _proposal(session, proposal_id)
        with as_system(session, caller, rows_of(request)):
            joint = links.confirm(session, caller, proposal, sent.reason, clock.now())
            record_act(session, caller, Category.COMBINATION, "link", joint.link.id, clock.now())
            return _weighed(session, joint, across, 201)

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


@router.post(
    "/link-proposals/{proposal_id}/refusals",
    operation_id="refuseLink",
    status_code=201,
    response_model=LinkProposalOut,
    summary="Say that two pseudonyms are not one person",
)
def refuse_link(
    proposal_id: str,
    sent: ReasonRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """The rule of the same identifier will not link them later without asking again."""

    def act() -> Answer:
        proposal = _proposal(session, proposal_id)
        with as_system(session, caller, rows_of(request)):
            links.refuse(session, caller, proposal, sent.reason, clock.now())
            record_act(session, caller, Category.ALTERATION, "link-proposal", proposal.id, clock.now())
            shown = show_proposals(session, [proposal])[0]
        return Answer(status=201, body=shown.model_dump(mode="json"))

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


@router.get(
    "/links/{link_id}",
    operation_id="getLink",
    summary="A link, its author and reason, and the decisions that would change without it",
)
def get_link(
    link_id: str,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    across: TheDecisionsAcross,
) -> LinkWeightOut:
    link = _link(session, link_id)
    record_act(session, caller, Category.CONSULTATION, "link", link.id, clock.now())
    with as_system(session, caller, rows_of(request)):
        return _weight(session, links.joint_of(session, link), across)


@router.post(
    "/links/{link_id}/withdrawals",
    operation_id="withdrawLink",
    status_code=201,
    response_model=LinkWeightOut,
    summary="Withdraw a link, and see which decisions counted across it",
)
def withdraw_link(
    link_id: str,
    sent: ReasonRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    across: TheDecisionsAcross,
    key: IdempotencyKey = None,
) -> Response:
    """Nothing is removed: the link and its withdrawal both stay on record. The earlier decisions stay as made."""

    def act() -> Answer:
        link = _link(session, link_id)
        with as_system(session, caller, rows_of(request)):
            joint = links.withdraw(session, caller, link, sent.reason, clock.now())
            record_act(session, caller, Category.ALTERATION, "link", link.id, clock.now())
            return _weighed(session, joint, across, 201)

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


def _proposal(session: Session, proposal_id: str) -> LinkProposal:
    proposal = repository.proposal_by_id(session, proposal_id)
    if proposal is None:
        raise NotFound("there is no such link proposal, or it is not yours to see")
    return proposal


def _link(session: Session, link_id: str) -> PersonLink:
    link = repository.link_by_id(session, link_id)
    if link is None:
        raise NotFound("there is no such link, or it is not yours to see")
    return link


def _weight(session: Session, joint: Joint, across: DecisionsAcross) -> LinkWeightOut:
    link = show_links(session, [joint.link])[0]
    decisions = [] if joint.one == joint.other else across(session, joint.one, joint.other)
    return LinkWeightOut(**link.model_dump(), decisions=list(decisions))


def _weighed(session: Session, joint: Joint, across: DecisionsAcross, status: int) -> Answer:
    shown = _weight(session, joint, across)
    return Answer(
        status=status, body=shown.model_dump(mode="json"), headers={"Location": f"/v1/links/{shown.id}"}
    )
