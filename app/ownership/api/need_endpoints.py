"""What is decided about a need over HTTP: who is asked, what a chair decides, and how it ends."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.access.calls import Call, Writing
from app.audit.service import Category, record_act
from app.foundation.errors import Conflict
from app.foundation.web.idempotency import OperationResult
from app.ownership import repository
from app.ownership.api.lookup import find_need
from app.ownership.api.presenters import need_out
from app.ownership.models import Need
from app.ownership.needs import endings, overrides
from app.ownership.proposals.leads import ANSWER_WITHIN, FORUM_ROLES
from app.ownership.proposals.proposing import ProposalDraft, basis_now, propose
from app.ownership.response_schemas import NeedOut
from app.ownership.schemas import EndingRequest, OverrideRequest, ProposalRequest
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

    def ask(need: Need, cases: Sequence[Case]) -> None:
        overrides.refuse_ended(need)
        overrides.refuse_marac_for_a_perpetrator(need, sent.forum)
        basis = basis_now(call.session, cases[-1], call.caller.agency)
        draft = ProposalDraft(sent.forum, FORUM_ROLES[sent.forum], ANSWER_WITHIN, sent.reason)
        if not propose(call.session, need, [draft], basis, call.now):
            raise Conflict(
                f"{sent.forum} was not asked: it owns the need, is being asked already, ranks below the owner, "
                "or declined on the same facts"
            )

    return _decide_on_locked_needs([need_id], sent, call, ask)


@router.post(
    "/needs/{need_id}/overrides",
    operation_id="overrideOwner",
    status_code=201,
    response_model=NeedOut,
    summary="As chair, name the owner against the order or a decline; it owns once it accepts",
)
def override_owner(need_id: str, sent: OverrideRequest, call: Writing) -> Response:
    """Asks the named owner, and keeps the reason. The present owner stays until the named one accepts."""

    def override(need: Need, cases: Sequence[Case]) -> None:
        overrides.override_owner(call.tx, need, cases[-1], sent)

    return _decide_on_locked_needs([need_id], sent, call, override)


@router.post(
    "/needs/{need_id}/endings",
    operation_id="endNeed",
    status_code=201,
    response_model=NeedOut,
    summary="As the owning forum's chair, end a need for one of five reasons",
)
def end_need(need_id: str, sent: EndingRequest, call: Writing) -> Response:
    """Ends the need for the reason given. Each reason names what proves it, and every unfinished action is named."""

    def end(need: Need, cases: Sequence[Case]) -> None:
        other = repository.need_by_id(call.session, sent.duplicate_of) if sent.duplicate_of else None
        # The locked cases include those of the other need; only its own are ended with it.
        served = set(repository.cases_of_need(call.session, need.id))
        own = [case for case in cases if case.id in served]
        endings.end_need(call.tx, need, other, own, sent)

    need_ids = [need_id, *([sent.duplicate_of] if sent.duplicate_of else [])]
    return _decide_on_locked_needs(need_ids, sent, call, end)


def _decide_on_locked_needs(
    need_ids: Sequence[str],
    sent: BaseModel,
    call: Call,
    decide: Callable[[Need, Sequence[Case]], None],
) -> Response:
    """Makes one decision about the first of these needs, with all of them and their cases locked."""

    def decided() -> OperationResult:
        find_need(call.session, need_ids[0])  # among the caller's own rows, before the filter is lifted
        with call.as_system() as session:
            cases = repository.cases_for_change(session, need_ids)
            # In the order of their ids, so that two decisions that name each other's need never wait for each other.
            locked = {one: repository.need_for_change(session, one) for one in sorted(set(need_ids))}
            need = locked[need_ids[0]]
            assert need is not None  # noqa: S101 - found above, and needs are never deleted
            decide(need, cases)
            body = need_out(session, need).model_dump(mode="json")
        record_act(call.tx, Category.ALTERATION, "need", need.id)
        return OperationResult(status=201, body=body)

    return call.once(sent, decided)
