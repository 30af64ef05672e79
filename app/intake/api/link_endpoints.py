"""Confirms, shows and withdraws links between pseudonyms over HTTP, with the decisions whose counts they change.

These endpoints are here and not in `people`, because a changed link asks for cases to be decided anew.
"""

from fastapi import APIRouter, Response

from app.access.calls import Call, Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake.case_reviews.relink_review import ask_to_decide_anew
from app.intake.link_presenters import as_seen, link_effect_out
from app.intake.notices import put_notices_right
from app.people import links
from app.people.links import LinkedPersons
from app.people.lookup import find_link, find_link_proposal
from app.people.presenters import link_proposals_out
from app.people.schemas import LinkConfirmationOut, LinkEffectOut, LinkReasonRequest
from app.referrals.repositories.decision_repository import cases_decided_by, decisions_seen

router = APIRouter(prefix="/v1", tags=["people"])


@router.post(
    "/link-proposals/{proposal_id}/confirmations",
    operation_id="confirmLink",
    status_code=201,
    response_model=LinkConfirmationOut,
    summary="Confirm for your area that two pseudonyms are one person, and see which decisions now count differently",
)
def confirm_link(proposal_id: str, sent: LinkReasonRequest, call: Writing) -> Response:
    """Links the two once every area that holds one of them has confirmed, and asks for new decisions of open cases.

    The proposer's act counts as its area's. Answers 409 when an incident has the two as victim and perpetrator.
    """

    def act() -> OperationResult:
        proposal = find_link_proposal(call.session, proposal_id)
        links.refuse_own_confirmation(call.tx, proposal)
        area = links.answering_area(call.tx, proposal)
        with call.as_system():
            linked = links.confirm_link(call.tx, proposal, area, sent.reason)
            record_act(call.tx, Category.COMBINATION, "link-proposal", proposal.id)
            changed = _decide_anew(call, linked) if linked else []
        shown = link_proposals_out(call.session, [proposal], call.now)[0].model_dump()
        body = LinkConfirmationOut(**shown, decisions=list(decisions_seen(call.session, changed)))
        headers = {"Location": f"/v1/links/{body.link_id}"} if body.link_id else {}
        return OperationResult(status=201, body=body.model_dump(mode="json"), headers=headers)

    return call.once(sent, act)


@router.get(
    "/links/{link_id}",
    operation_id="getLink",
    summary="A link, its author and reason, and the decisions that would change without it",
)
def get_link(link_id: str, call: Reading) -> LinkEffectOut:
    link = find_link(call.session, link_id)
    record_act(call.tx, Category.CONSULTATION, "link", link.id)
    # The link is the caller's to see; what it changes is counted across areas, and shown as far as the caller sees.
    with call.as_system() as session:
        effect = link_effect_out(session, links.linked_persons(session, link))
    return as_seen(call.session, effect)


@router.post(
    "/links/{link_id}/withdrawals",
    operation_id="withdrawLink",
    status_code=201,
    response_model=LinkEffectOut,
    summary="Withdraw a link, and see which decisions counted across it",
)
def withdraw_link(link_id: str, sent: LinkReasonRequest, call: Writing) -> Response:
    """Ends the link; earlier decisions stay. Asks the co-ordinators of open cases for a new decision."""

    def act() -> OperationResult:
        link = find_link(call.session, link_id)
        with call.as_system():
            linked = links.withdraw_link(call.tx, link, sent.reason)
            record_act(call.tx, Category.ALTERATION, "link", link.id)
            _decide_anew(call, linked)
            effect = link_effect_out(call.session, linked)
        body = as_seen(call.session, effect).model_dump(mode="json")
        return OperationResult(status=201, body=body, headers={"Location": f"/v1/links/{effect.id}"})

    return call.once(sent, act)


def _decide_anew(call: Call, linked: LinkedPersons) -> list[str]:
    """Puts notices right, asks for new decisions, and returns the decisions that count across the link."""
    decisions = link_effect_out(call.session, linked).decisions
    put_notices_right(call.tx, cases_decided_by(call.session, decisions))
    ask_to_decide_anew(call.tx, decisions)
    return decisions
