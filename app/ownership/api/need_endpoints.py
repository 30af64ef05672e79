"""What is decided about a need over HTTP: who is asked, and what a chair decides."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.foundation.errors import Conflict
from app.ownership.api.locked_needs import decide_on_locked_needs
from app.ownership.api.lookup import find_need
from app.ownership.api.presenters import need_out
from app.ownership.models import Need
from app.ownership.needs import overrides
from app.ownership.proposals.leads import ANSWER_WITHIN, FORUM_ROLES
from app.ownership.proposals.proposing import ProposalDraft, basis_now, propose
from app.ownership.response_schemas import NeedOut
from app.ownership.schemas import OverrideRequest, ProposalRequest
from app.referrals.models import Case

router = APIRouter()


@router.post(
    "/needs/{need_id}/proposals",
    operation_id="proposeLead",
    status_code=201,
    response_model=NeedOut,
    summary="Ask a forum or agency to lead a need",
)
def propose_lead(need_id: str, sent: ProposalRequest, call: Writing) -> Response:
    """Asks a forum to lead. The present owner keeps the need until the forum accepts.

    A forum that declined on the same facts is not asked again.
    """

    def ask(need: Need, cases: Sequence[Case]) -> NeedOut:
        overrides.refuse_ended(need)
        overrides.refuse_marac_for_a_perpetrator(need, sent.forum)
        basis = basis_now(call.session, cases[-1], call.caller.agency)
        draft = ProposalDraft(sent.forum, FORUM_ROLES[sent.forum], ANSWER_WITHIN, sent.reason)
        if not propose(call.session, need, [draft], basis, call.now):
            raise Conflict(
                f"{sent.forum} was not asked: it owns the need, is being asked already, ranks below the owner, "
                "or declined on the same facts"
            )
        return need_out(call.session, need, call.caller)

    return decide_on_locked_needs(lambda: [find_need(call.session, need_id).id], sent, call, ask)


@router.post(
    "/needs/{need_id}/overrides",
    operation_id="overrideOwner",
    status_code=201,
    response_model=NeedOut,
    summary="As chair, name the owner against the order or a decline; it owns once it accepts",
)
def override_owner(need_id: str, sent: OverrideRequest, call: Writing) -> Response:
    """Asks the named owner, and keeps the reason. The present owner stays until the named one accepts."""

    def override(need: Need, cases: Sequence[Case]) -> NeedOut:
        overrides.override_owner(call.tx, need, cases[-1], sent)
        return need_out(call.session, need, call.caller)

    return decide_on_locked_needs(lambda: [find_need(call.session, need_id).id], sent, call, override)
