"""Who is whom, over HTTP: links are proposed, confirmed, refused, shown and withdrawn."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.errors import Invalid, NotFound
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.people import links, repository
from app.people.links import Joint
from app.people.models import LinkProposal, PersonLink
from app.people.presenters import show_links, show_proposals
from app.people.schemas import (
    LinkProposalOut,
    LinkProposalRequest,
    LinkReasonRequest,
    LinkState,
    LinkWeightOut,
)

router = APIRouter(prefix="/v1", tags=["people"])
DecisionsAcross = Callable[[Session, frozenset[str], frozenset[str]], Sequence[str]]
AskToRecount = Callable[[Session, Sequence[str], datetime], None]


def decisions_across(request: Request) -> DecisionsAcross:
    """The room of referrals stands above this one, so the application hands its answer down."""
    answer: DecisionsAcross = request.app.state.decisions_across
    return answer


def ask_to_recount(request: Request) -> AskToRecount:
    """Actions stand above this room, too."""
    ask: AskToRecount = request.app.state.ask_to_recount
    return ask


TheDecisionsAcross = Annotated[DecisionsAcross, Depends(decisions_across)]
TheAskToRecount = Annotated[AskToRecount, Depends(ask_to_recount)]


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
    "/link-proposals/{proposal_id}/confirmations",
    operation_id="confirmLink",
    status_code=201,
    response_model=LinkWeightOut,
    summary="Confirm that two pseudonyms are one person, and see which decisions now count differently",
)
def confirm_link(
    proposal_id: str,
    sent: LinkReasonRequest,
    call: Writing,
    across: TheDecisionsAcross,
    recount: TheAskToRecount,
) -> Response:
    """The open cases among them are to be decided anew. 409 when the two have met as victim and perpetrator."""

    def act() -> OperationResult:
        proposal = _proposal(call.session, proposal_id)
        with call.as_system() as session:
            joint = links.confirm(session, call.caller, proposal, sent.reason, call.now)
            record_act(session, call.caller, Category.COMBINATION, "link", joint.link.id, call.now)
            return _weighed(session, joint, across, recount, call.now)

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
        proposal = _proposal(call.session, proposal_id)
        with call.as_system() as session:
            links.refuse(session, call.caller, proposal, sent.reason, call.now)
            record_act(session, call.caller, Category.ALTERATION, "link-proposal", proposal.id, call.now)
            shown = show_proposals(session, [proposal])[0]
        return OperationResult(status=201, body=shown.model_dump(mode="json"))

    return call.once(sent, act)


@router.get(
    "/links/{link_id}",
    operation_id="getLink",
    summary="A link, its author and reason, and the decisions that would change without it",
)
def get_link(link_id: str, call: Reading, across: TheDecisionsAcross) -> LinkWeightOut:
    link = _link(call.session, link_id)
    record_act(call.session, call.caller, Category.CONSULTATION, "link", link.id, call.now)
    with call.as_system() as session:
        return _weight(session, links.joint_of(session, link), across)


@router.post(
    "/links/{link_id}/withdrawals",
    operation_id="withdrawLink",
    status_code=201,
    response_model=LinkWeightOut,
    summary="Withdraw a link, and see which decisions counted across it",
)
def withdraw_link(
    link_id: str, sent: LinkReasonRequest, call: Writing, across: TheDecisionsAcross, recount: TheAskToRecount
) -> Response:
    """Nothing is removed, and earlier decisions stay as made; the open cases among them are to be decided anew."""

    def act() -> OperationResult:
        link = _link(call.session, link_id)
        with call.as_system() as session:
            joint = links.withdraw(session, call.caller, link, sent.reason, call.now)
            record_act(session, call.caller, Category.ALTERATION, "link", link.id, call.now)
            return _weighed(session, joint, across, recount, call.now)

    return call.once(sent, act)


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


def _weighed(
    session: Session, joint: Joint, across: DecisionsAcross, recount: AskToRecount, now: datetime
) -> OperationResult:
    shown = _weight(session, joint, across)
    recount(session, shown.decisions, now)
    return OperationResult(
        status=201, body=shown.model_dump(mode="json"), headers={"Location": f"/v1/links/{shown.id}"}
    )
