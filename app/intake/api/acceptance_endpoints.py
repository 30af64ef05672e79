"""Accepting over HTTP: the forum that was asked takes over the need, and MARAC lists the case."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake.acceptance import accept
from app.ownership.api.lookup import find_proposal
from app.ownership.api.presenters import need_out
from app.ownership.proposals.asked_agency import refuse_unless_asked
from app.ownership.proposals.locked_proposal import lock_proposal
from app.ownership.response_schemas import NeedOut
from app.ownership.schemas import AcceptanceRequest

router = APIRouter(prefix="/v1")


@router.post(
    "/proposals/{proposal_id}/acceptances",
    operation_id="acceptProposal",
    status_code=201,
    tags=["ownership"],
    response_model=NeedOut,
    summary="Accept: from this instant your forum owns the need",
)
def accept_proposal(proposal_id: str, sent: AcceptanceRequest, call: Writing) -> Response:
    """Records the acceptance. The earlier ownership ends at the same instant: there is never none, or two.

    A case whose victim MARAC takes on comes on the list of MARAC's next meeting.
    """

    def accepted() -> OperationResult:
        need_id = find_proposal(call.session, proposal_id).need_id
        with call.as_system() as session:
            locked = lock_proposal(session, proposal_id, need_id)
            refuse_unless_asked(call.caller, locked.proposal)
            accept(call.tx, locked.proposal, locked.need, locked.cases, sent.note)
            body = need_out(session, locked.need).model_dump(mode="json")
        record_act(call.tx, Category.ALTERATION, "proposal", proposal_id)
        return OperationResult(status=201, body=body)

    return call.once(sent, accepted)
