"""What is decided about a need over HTTP: who is asked, what a chair decides, and how it ends."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.access.calls import Call, Writing
from app.audit.service import Category, record_act
from app.foundation.errors import Conflict, NotFound
from app.foundation.web.idempotency import OperationResult
from app.ownership import repository
from app.ownership.api.presenters import show_need
from app.ownership.models import Need
from app.ownership.needs import endings, overrides
from app.ownership.proposals import service
from app.ownership.proposals.leads import ANSWER_WITHIN, FORUM_ROLES
from app.ownership.proposals.service import Asked
from app.ownership.schemas import EndingRequest, NeedOut, OverrideRequest, ProposalRequest
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
    """The present owner keeps the need until the forum accepts. A forum that declined on the same facts is not asked again."""

    def act(need: Need, cases: Sequence[Case]) -> None:
        overrides.refuse_ended(need)
        overrides.refuse_marac_for_a_perpetrator(need, sent.forum)
        basis = service.basis_now(call.session, cases[-1], call.caller.agency)
        asked = Asked(sent.forum, FORUM_ROLES[sent.forum], ANSWER_WITHIN, sent.reason)
        if not service.propose(call.session, need, cases[-1], [asked], basis, call.now):
            raise Conflict(
                f"{sent.forum} was not asked: it owns the need, is being asked already, ranks below the owner, "
                "or declined on the same facts"
            )

    return _decided([need_id], sent, call, act)


@router.post(
    "/needs/{need_id}/overrides",
    operation_id="overrideOwner",
    status_code=201,
    response_model=NeedOut,
    summary="As chair, name the owner against the order or a decline; it owns once it accepts",
)
def override_owner(need_id: str, sent: OverrideRequest, call: Writing) -> Response:
    """Kept as a record of its own, with the reason. The present owner stays until the named one accepts."""

    def act(need: Need, cases: Sequence[Case]) -> None:
        overrides.override(call.session, call.caller, need, cases[-1], sent, call.now)

    return _decided([need_id], sent, call, act)


@router.post(
    "/needs/{need_id}/endings",
    operation_id="endNeed",
    status_code=201,
    response_model=NeedOut,
    summary="As the owning forum's chair, end a need for one of five reasons",
)
def end_need(need_id: str, sent: EndingRequest, call: Writing) -> Response:
    """There is no bare "closed": each reason names what proves it, and every unfinished action is named."""

    def act(need: Need, cases: Sequence[Case]) -> None:
        other = repository.need_by_id(call.session, sent.duplicate_of) if sent.duplicate_of else None
        served = set(repository.cases_of_need(call.session, need.id))
        own = [case for case in cases if case.id in served]
        endings.end_need(call.session, call.caller, need, other, own, sent, call.now)

    locked = [need_id, *([sent.duplicate_of] if sent.duplicate_of else [])]
    return _decided(locked, sent, call, act)


def _decided(
    need_ids: Sequence[str],
    sent: BaseModel,
    call: Call,
    act: Callable[[Need, Sequence[Case]], None],
) -> Response:
    """One decision about the first of these needs, with all of them and their cases locked."""

    def decided() -> OperationResult:
        if repository.need_by_id(call.session, need_ids[0]) is None:
            raise NotFound("there is no such need, or it is not yours to see")
        with call.as_system() as session:
            cases = repository.cases_for_change(session, need_ids)
            locked = {one: repository.need_for_change(session, one) for one in sorted(set(need_ids))}
            need = locked[need_ids[0]]
            assert need is not None  # noqa: S101 - seen a moment ago
            act(need, cases)
            body = show_need(session, need).model_dump(mode="json")
        record_act(call.session, call.caller, Category.ALTERATION, "need", need.id, call.now)
        return OperationResult(status=201, body=body)

    return call.once(sent, decided)
