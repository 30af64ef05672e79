"""How a need ends over HTTP: its chair says so, and a second person confirms it or says that it goes on."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from app.access.calls import Call, Reading, Writing
from app.audit.service import Category, record_act
from app.ownership import ending_repository, repository
from app.ownership.api.locked_needs import decide_on_locked_needs
from app.ownership.api.lookup import find_asked_ending, find_need
from app.ownership.api.presenters import asked_ending_out, need_out
from app.ownership.models import Need
from app.ownership.needs import asked_endings
from app.ownership.needs.ending_checks import repeats_nothing
from app.ownership.response_schemas import AskedEndingOut, NeedOut
from app.ownership.schemas import EndingAnswerRequest, EndingRequest
from app.referrals.models import Case

router = APIRouter()


@router.post(
    "/needs/{need_id}/endings",
    operation_id="endNeed",
    status_code=201,
    response_model=AskedEndingOut,
    summary="As the owning forum's chair, say that a need ends, for one of five reasons",
)
def end_need(need_id: str, sent: EndingRequest, call: Writing) -> Response:
    """The need stays open and owned until a second named person confirms it; `agency` has it in its inbox.

    Each reason names what proves it, and every unfinished action is named. It takes the place of one that waits.
    """

    def find() -> list[str]:
        found = find_need(call.session, need_id)
        if sent.duplicate_of is None:
            return [found.id]
        # Among the caller's own rows: nobody ends a need as the duplicate of a stranger's.
        if repository.need_by_id(call.session, sent.duplicate_of) is None:
            raise repeats_nothing()
        return [found.id, sent.duplicate_of]

    def ask(need: Need, cases: Sequence[Case]) -> AskedEndingOut:
        own = _own_cases(call.session, need, cases)
        other = repository.need_by_id(call.session, sent.duplicate_of) if sent.duplicate_of else None
        return asked_ending_out(asked_endings.ask_to_end(call.tx, need, other, own, sent), call.caller)

    return decide_on_locked_needs(find, sent, call, ask)


@router.get(
    "/endings/{ending_id}", operation_id="getEnding", summary="Why a need is to end, and what the second person said"
)
def get_ending(ending_id: str, call: Reading) -> AskedEndingOut:
    asked = find_asked_ending(call.tx, ending_id)
    record_act(call.tx, Category.CONSULTATION, "need", asked.need_id)
    return asked_ending_out(asked, call.caller)


@router.post(
    "/endings/{ending_id}/confirmations",
    operation_id="confirmEnding",
    status_code=201,
    response_model=NeedOut,
    summary="As a second named person, confirm that a need ends",
)
def confirm_ending(ending_id: str, sent: EndingAnswerRequest, call: Writing) -> Response:
    """Ends the need. Where a victim's safety ends with it, the second person is of another agency."""

    def confirm(need: Need, cases: Sequence[Case]) -> Callable[[], NeedOut]:
        asked = ending_repository.asked_ending_for_change(call.session, ending_id)
        asked_endings.confirm_ending(call.tx, asked, need, _own_cases(call.session, need, cases), sent.note)
        return lambda: need_out(call.session, need, call.caller)

    return decide_on_locked_needs(lambda: _needs_of(call, ending_id), sent, call, confirm)


@router.post(
    "/endings/{ending_id}/refusals",
    operation_id="refuseEnding",
    status_code=201,
    response_model=AskedEndingOut,
    summary="Say that a need goes on, or take back that it ends",
)
def refuse_ending(ending_id: str, sent: EndingAnswerRequest, call: Writing) -> Response:
    """The need goes on with its owner. The chair may say anew that it ends."""

    def refuse(_: Need, __: Sequence[Case]) -> AskedEndingOut:
        asked = ending_repository.asked_ending_for_change(call.session, ending_id)
        asked_endings.refuse_ending(call.tx, asked, sent.note)
        return asked_ending_out(asked, call.caller)

    return decide_on_locked_needs(lambda: _needs_of(call, ending_id), sent, call, refuse)


def _needs_of(call: Call, ending_id: str) -> list[str]:
    asked = find_asked_ending(call.tx, ending_id)
    return [asked.need_id, *([asked.duplicate_of] if asked.duplicate_of else [])]


def _own_cases(session: Session, need: Need, cases: Sequence[Case]) -> list[Case]:
    """Returns the cases that this need serves. The locked ones include those of the other need."""
    served = set(repository.cases_of_need(session, need.id))
    return [case for case in cases if case.id in served]
