"""Receives referrals, incidents and facts over HTTP, and shows a whole case."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.access.calls import Call, Reading, Writing
from app.access.service import area_or_refuse
from app.actions.api.presenters import action_history_out, etag
from app.actions.recording.agreement import record_case_action
from app.actions.response_schemas import ActionHistoryOut
from app.actions.schemas import CaseActionRequest
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake import service
from app.intake.answer.presenters import routed_result
from app.intake.answer.schemas import Expand, RoutedOut
from app.intake.presenters import case_out
from app.intake.schemas import CaseOut
from app.intake.service import Routed
from app.meetings.lists.contact_bars import carry_contact_bars
from app.referrals.lookup import find_case, find_referral
from app.referrals.models import Case, Referral
from app.referrals.repositories.case_repository import case_by_id
from app.referrals.schemas.requests import IncidentRequest, LearnedRequest, ReferralRequest

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.post(
    "/referrals",
    operation_id="submitReferral",
    status_code=201,
    response_model=RoutedOut,
    summary="Submit a referral and get its routing decision",
)
def submit_referral(sent: ReferralRequest, call: Writing, expand: Expand = None) -> Response:
    """Stores, routes and assigns before it answers. It supports professional judgement and delays no safety action."""

    def act() -> OperationResult:
        area_or_refuse(call.session, call.caller, sent.area)
        # Counting victims and incidents across forces needs rows that the caller may not see.
        with call.as_system():
            routed = service.receive_referral(call.tx, sent)
            return routed_result(call, routed, Category.COLLECTION, expand)

    return call.once(sent, act)


@router.post(
    "/referrals/{referral_id}/incidents",
    operation_id="addIncident",
    status_code=201,
    response_model=RoutedOut,
    summary="Add an incident; the case is decided anew",
)
def add_incident(referral_id: str, sent: IncidentRequest, call: Writing, expand: Expand = None) -> Response:
    """Adds the incident and decides the case anew. Earlier decisions stay as they were made.

    Facts sent with it count as facts added later, `null` included.
    """

    def add(referral: Referral, case: Case) -> Routed:
        return service.receive_incident(call.tx, referral, case, sent)

    return _add_to_referral(referral_id, sent, call, expand, add)


@router.post(
    "/referrals/{referral_id}/facts",
    operation_id="addFacts",
    status_code=201,
    response_model=RoutedOut,
    summary="Add facts learned since; the case is decided anew",
)
def add_facts(referral_id: str, sent: LearnedRequest, call: Writing, expand: Expand = None) -> Response:
    """Adds facts, such as a raised hub grade or a MAPPA level, and decides the case anew.

    Earlier decisions stay as they were made. `null` takes back what your agency stated; `retracted` in the answer
    names what was taken back. Of the grades, the judgement, the ticks and the dangers of one report the most
    protective statement stands: a named person lowers a grade or a judgement by a review with the reason, and corrects
    ticks or a danger here. A program that takes one back by `null` is answered 422 (no-person).
    """

    def add(referral: Referral, case: Case) -> Routed:
        return service.receive_facts(call.tx, referral, case, sent)

    return _add_to_referral(referral_id, sent, call, expand, add)


def _add_to_referral(
    referral_id: str, sent: BaseModel, call: Call, expand: str | None, add: Callable[[Referral, Case], Routed]
) -> Response:
    def act() -> OperationResult:
        referral = find_referral(call.session, referral_id)
        with call.as_system() as session:
            case = case_by_id(session, referral.case_id)
            assert case is not None  # noqa: S101 - a foreign key
            return routed_result(call, add(referral, case), Category.ALTERATION, expand)

    return call.once(sent, act)


@router.get(
    "/cases/{case_id}",
    operation_id="getCase",
    tags=["cases"],
    summary="A case: who owns each need, who was asked, what is not finished",
)
def get_case(case_id: str, call: Reading) -> CaseOut:
    case = find_case(call.session, case_id)
    record_act(call.tx, Category.CONSULTATION, "case", case.id)
    return case_out(call, case)


@router.post(
    "/cases/{case_id}/actions",
    operation_id="addAction",
    status_code=201,
    tags=["actions"],
    response_model=ActionHistoryOut,
    summary="Record an action that a meeting agreed",
)
def add_case_action(case_id: str, sent: CaseActionRequest, call: Writing) -> Response:
    """Adds an agreed action. It needs an owner, a recipient's role, a deadline and what shows that it is done.

    Answers 409 when a similar action failed before and `reuse_reason` does not say what will be different.
    """

    def act() -> OperationResult:
        case = find_case(call.session, case_id)
        with call.as_system() as session:
            action = record_case_action(call.tx, case, sent)
            carry_contact_bars(call.tx, case.id)
            record_act(call.tx, Category.ALTERATION, "case", case.id)
            body = action_history_out(session, action, call.now, call.caller).model_dump(mode="json")
        headers = {"Location": f"/v1/actions/{action.id}", "ETag": etag(action)}
        return OperationResult(status=201, body=body, headers=headers)

    return call.once(sent, act)
