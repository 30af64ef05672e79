"""Where referrals and incidents come in, and where a whole case can be read."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, rows_of
from app.access.service import area_or_refuse, as_system
from app.actions.endpoints import etag, show, show_history
from app.actions.repository import unfinished_actions_of_case
from app.actions.schemas import ActionHistoryOut, ActionOut, ActionRequest
from app.actions.service import add_action
from app.audit.service import Category, record_act
from app.foundation.caller import Caller
from app.foundation.errors import NotFound
from app.foundation.idempotency import Answer, IdempotencyKey, once
from app.foundation.schema import Instant, Shown
from app.intake import service
from app.intake.service import Routed
from app.meetings.repository import discharges_of
from app.meetings.schemas import DischargeOut, HearingEstimate
from app.ownership.repository import needs_of_case
from app.ownership.schemas import NeedOut
from app.ownership.views import show_need
from app.referrals.endpoints import DecisionOut, find_referral, show_decision
from app.referrals.models import Case, Referral
from app.referrals.repository import case_by_id
from app.referrals.schemas import IncidentRequest, LearnedRequest, ReferralRequest

router = APIRouter(prefix="/v1", tags=["referrals"])


class RoutedOut(Shown):
    """What came of a referral: the decision, who owns each need now and who was asked, every action, the hearing."""

    referral_id: str
    case_id: str
    case_reference: str
    decision: DecisionOut
    needs: list[NeedOut]
    actions: list[ActionOut]
    hearing: HearingEstimate


class CaseOut(Shown):
    """A case over every forum: who owns each need, who was asked, and what is not finished."""

    id: str
    reference: str
    area: str
    opened_at: Instant
    needs: list[NeedOut]
    open_actions: list[ActionOut]
    discharges: list[DischargeOut]


@router.post(
    "/referrals",
    operation_id="submitReferral",
    status_code=201,
    response_model=RoutedOut,
    summary="Submit a referral and get its routing decision",
)
def submit_referral(
    sent: ReferralRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Stored, routed and owned before this answers. It supports professional judgement and delays no safety action."""

    def act() -> Answer:
        area_or_refuse(session, caller, sent.area)
        with as_system(session, caller, rows_of(request)):
            routed = service.receive_referral(session, caller, sent, clock.now())
            return answer_routed(session, caller, routed, Category.COLLECTION, clock.now())

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


@router.post(
    "/referrals/{referral_id}/incidents",
    operation_id="addIncident",
    status_code=201,
    response_model=RoutedOut,
    summary="Add an incident; the case is decided anew",
)
def add_incident(
    referral_id: str,
    sent: IncidentRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """The earlier decisions stay as they were made."""

    def add(referral: Referral, case: Case) -> Routed:
        return service.receive_incident(session, caller, referral, case, sent, clock.now())

    return _added(referral_id, sent, request, caller, session, clock.now(), key, add)


@router.post(
    "/referrals/{referral_id}/facts",
    operation_id="addFacts",
    status_code=201,
    response_model=RoutedOut,
    summary="Add what has been learned; the case is decided anew",
)
def add_facts(
    referral_id: str,
    sent: LearnedRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """For example a hub grade that was raised, or a MAPPA level that was confirmed."""

    def add(referral: Referral, case: Case) -> Routed:
        return service.receive_facts(session, caller, referral, case, sent, clock.now())

    return _added(referral_id, sent, request, caller, session, clock.now(), key, add)


def _added(
    referral_id: str,
    sent: BaseModel,
    request: Request,
    caller: Caller,
    session: DatabaseSession,
    now: datetime,
    key: str | None,
    add: Callable[[Referral, Case], Routed],
) -> Response:
    def act() -> Answer:
        referral = find_referral(session, referral_id)
        with as_system(session, caller, rows_of(request)):
            case = case_by_id(session, referral.case_id)
            assert case is not None  # noqa: S101 - a foreign key
            return answer_routed(session, caller, add(referral, case), Category.ALTERATION, now)

    return once(session, request, caller.client_id, key, sent, now, act)


def answer_routed(
    session: DatabaseSession, caller: Caller, routed: Routed, category: Category, now: datetime
) -> Answer:
    record_act(session, caller, category, "referral", routed.referral.id, now)
    body = RoutedOut(
        referral_id=routed.referral.id,
        case_id=routed.case.id,
        case_reference=routed.case.reference,
        decision=show_decision(routed.decision),
        needs=[show_need(session, need) for need in routed.needs],
        actions=[show(action, now) for action in routed.actions],
        hearing=routed.hearing,
    )
    location = f"/v1/referrals/{routed.referral.id}"
    return Answer(status=201, body=body.model_dump(mode="json"), headers={"Location": location})


@router.get(
    "/cases/{case_id}",
    operation_id="getCase",
    tags=["cases"],
    summary="A case: who owns each need, who was asked, what is not finished",
)
def get_case(case_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock) -> CaseOut:
    case = _case(session, case_id)
    record_act(session, caller, Category.CONSULTATION, "case", case.id, clock.now())
    return CaseOut(
        id=case.id,
        reference=case.reference,
        area=case.area,
        opened_at=case.opened_at,
        needs=[show_need(session, need) for need in needs_of_case(session, case.id)],
        open_actions=[show(action, clock.now()) for action in unfinished_actions_of_case(session, case.id)],
        discharges=[DischargeOut.model_validate(row) for row in discharges_of(session, case.id)],
    )


@router.post(
    "/cases/{case_id}/actions",
    operation_id="addAction",
    status_code=201,
    tags=["actions"],
    response_model=ActionHistoryOut,
    summary="Record an action that a meeting agreed",
)
def add_case_action(
    case_id: str,
    sent: ActionRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Refused while it lacks an owner, a recipient's role, a deadline or what shows that it is done."""

    def act() -> Answer:
        case = _case(session, case_id)
        with as_system(session, caller, rows_of(request)):
            action = add_action(session, caller, case.id, case.area, sent, clock.now())
            record_act(session, caller, Category.ALTERATION, "case", case.id, clock.now())
            body = show_history(session, action, clock.now()).model_dump(mode="json")
        headers = {"Location": f"/v1/actions/{action.id}", "ETag": etag(action)}
        return Answer(status=201, body=body, headers=headers)

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


def _case(session: DatabaseSession, case_id: str) -> Case:
    case = case_by_id(session, case_id)
    if case is None:
        raise NotFound("there is no such case, or it is not yours to see")
    return case
