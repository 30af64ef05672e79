"""Accepting over HTTP: the forum that was asked takes over the need, and MARAC lists the case."""

from collections.abc import Mapping, Sequence
from functools import partial

from fastapi import APIRouter, Response

from app.access.calls import Call, Writing
from app.actions.api.changing import ItemChange, change_each
from app.actions.repository import lock_actions
from app.actions.response_schemas import ItemOut
from app.actions.schemas import NamedItem
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake.acceptance import TakenNeed, take, take_on
from app.intake.schemas import AcceptedOut, ProposalAcceptance
from app.ownership.api.lookup import find_proposal
from app.ownership.api.presenters import need_out
from app.ownership.proposals.asked_agency import refuse_unless_asked
from app.ownership.proposals.locked_proposal import lock_proposal

router = APIRouter(prefix="/v1")


@router.post(
    "/proposals/{proposal_id}/acceptances",
    operation_id="acceptProposal",
    status_code=201,
    tags=["ownership"],
    response_model=AcceptedOut,
    summary="Accept: from this instant your forum owns the need",
)
def accept_proposal(proposal_id: str, sent: ProposalAcceptance, call: Writing) -> Response:
    """Records the acceptance. The earlier ownership ends at the same instant: there is never none, or two.

    A case whose victim MARAC takes on comes on the list of MARAC's next meeting. With `actions` your post takes on
    what the owner before still had to do.
    """

    def accepted() -> OperationResult:
        need_id = find_proposal(call.session, proposal_id).need_id
        with call.as_system() as session:
            locked = lock_proposal(session, proposal_id, need_id)
            refuse_unless_asked(call.caller, locked.proposal)
        read = lock_actions(call.session, [one.action_id for one in sent.actions])
        with call.as_system():
            taken = take(call.tx, locked.proposal, locked.need, locked.cases, sent.note)
        actions = _taken_on(call, taken, sent.actions, read)
        with call.as_system() as session:
            need = need_out(session, locked.need, call.caller)
        record_act(call.tx, Category.ALTERATION, "proposal", proposal_id)
        body = AcceptedOut(**need.model_dump(), actions=actions).model_dump(mode="json")
        return OperationResult(status=201, body=body)

    return call.once(sent, accepted)


def _taken_on(call: Call, taken: TakenNeed, named: Sequence[NamedItem], read: Mapping[str, int]) -> list[ItemOut]:
    """Gives the accepting post each action that was named. `read`: the versions of those that it saw before.

    Nobody takes on what they could not read: what shows only now is refused as stale, to be read first.
    """
    # The need takes its actions' forum along, which is a change: it makes no version stale that was right before it.
    now = lock_actions(call.session, list(read))
    items = [
        ItemChange(
            one.action_id,
            now[one.action_id] if read.get(one.action_id) == one.version else one.version,
            partial(take_on, call.tx, taken),
        )
        for one in named
    ]
    return change_each(call, items, "/actions")
