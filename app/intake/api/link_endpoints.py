"""Links between pseudonyms over HTTP: confirmed, shown and withdrawn, with the decisions that count across them.

Confirming and withdrawing ask for cases to be decided anew, so these operations stand above people and referrals.
"""

from datetime import datetime

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake.relink_review import ask_to_recount
from app.people import links
from app.people.links import Joint
from app.people.lookup import find_link, find_link_proposal
from app.people.presenters import show_links
from app.people.schemas import LinkReasonRequest, LinkWeightOut
from app.referrals.repository import decisions_across

router = APIRouter(prefix="/v1", tags=["people"])


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
) -> Response:
    """The open cases among them are to be decided anew. 409 when the two have met as victim and perpetrator."""

    def act() -> OperationResult:
        proposal = find_link_proposal(call.session, proposal_id)
        with call.as_system() as session:
            joint = links.confirm(session, call.caller, proposal, sent.reason, call.now)
            record_act(session, call.caller, Category.COMBINATION, "link", joint.link.id, call.now)
            return _weighed(session, joint, call.now)

    return call.once(sent, act)


@router.get(
    "/links/{link_id}",
    operation_id="getLink",
    summary="A link, its author and reason, and the decisions that would change without it",
)
def get_link(link_id: str, call: Reading) -> LinkWeightOut:
    link = find_link(call.session, link_id)
    record_act(call.session, call.caller, Category.CONSULTATION, "link", link.id, call.now)
    with call.as_system() as session:
        return _weight(session, links.joint_of(session, link))


@router.post(
    "/links/{link_id}/withdrawals",
    operation_id="withdrawLink",
    status_code=201,
    response_model=LinkWeightOut,
    summary="Withdraw a link, and see which decisions counted across it",
)
def withdraw_link(link_id: str, sent: LinkReasonRequest, call: Writing) -> Response:
    """Nothing is removed, and earlier decisions stay as made; the open cases among them are to be decided anew."""

    def act() -> OperationResult:
        link = find_link(call.session, link_id)
        with call.as_system() as session:
            joint = links.withdraw(session, call.caller, link, sent.reason, call.now)
            record_act(session, call.caller, Category.ALTERATION, "link", link.id, call.now)
            return _weighed(session, joint, call.now)

    return call.once(sent, act)


def _weight(session: Session, joint: Joint) -> LinkWeightOut:
    link = show_links(session, [joint.link])[0]
    decisions = [] if joint.one == joint.other else decisions_across(session, joint.one, joint.other)
    return LinkWeightOut(**link.model_dump(), decisions=list(decisions))


def _weighed(session: Session, joint: Joint, now: datetime) -> OperationResult:
    shown = _weight(session, joint)
    ask_to_recount(session, shown.decisions, now)
    headers = {"Location": f"/v1/links/{shown.id}"}
    return OperationResult(status=201, body=shown.model_dump(mode="json"), headers=headers)
