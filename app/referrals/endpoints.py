"""Referrals and their decisions, to read. Sending them is the business of `intake`."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field, PlainSerializer

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.schema import Instant, Shown
from app.referrals import repository
from app.referrals.models import Decision, Referral
from app.routing.handbook.explain import Audience, explain
from app.routing.record.codec import from_dict, to_dict
from app.routing.record.decision import RoutingDecision

router = APIRouter(prefix="/v1", tags=["referrals"])


class PassageOut(Shown):
    """A heading of the explanation with its sentences."""

    heading: str
    sentences: list[str]


class DecisionOut(Shown):
    """A decision as it was made: who leads on each need and why, what must be done, under which policy."""

    id: str
    referral_id: str
    case_id: str
    decided_at: Instant
    because: str
    decision: Annotated[RoutingDecision, PlainSerializer(to_dict)]
    explanation: list[PassageOut]


class DecisionsOut(Shown):
    """Every decision about a referral, the first one first; none is ever edited."""

    items: list[DecisionOut]


class ReferralOut(Shown):
    """A referral as it was sent, and what has been learned since."""

    id: str
    case_id: str
    area: str
    source_system: str
    source_reference: str
    referring_agency: str
    received_at: Instant
    document: dict[str, Any]
    learned: list[dict[str, Any]]
    not_for_disclosure: str | None = Field(
        description="Where a named person reads what he must never learn; null when nothing is withheld from him"
    )


@router.get("/referrals/{referral_id}", operation_id="getReferral", summary="A referral as it was sent")
def get_referral(
    referral_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> ReferralOut:
    referral = find_referral(session, referral_id)
    record_act(session, caller, Category.CONSULTATION, "referral", referral.id, clock.now())
    learned = [row.document for row in repository.learned_about(session, referral.id)]
    own = {
        name: getattr(referral, name)
        for name in ReferralOut.model_fields
        if name not in {"learned", "not_for_disclosure"}
    }
    withheld = repository.not_for_disclosure_of(session, referral.id)
    where = f"/v1/referrals/{referral.id}/not-for-disclosure" if withheld else None
    return ReferralOut(**own, learned=learned, not_for_disclosure=where)


@router.get(
    "/referrals/{referral_id}/decisions",
    operation_id="listDecisions",
    summary="Every decision about a referral, with its reasons",
)
def list_decisions(
    referral_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> DecisionsOut:
    referral = find_referral(session, referral_id)
    record_act(session, caller, Category.CONSULTATION, "referral", referral.id, clock.now())
    rows = repository.decisions_of_referral(session, referral.id)
    return DecisionsOut(items=[show_decision(row) for row in rows])


def find_referral(session: DatabaseSession, referral_id: str) -> Referral:
    """The referral, or `NotFound` when there is none that the caller may see."""
    referral = repository.referral_by_id(session, referral_id)
    if referral is None:
        raise NotFound("there is no such referral, or it is not yours to see")
    return referral


def show_decision(row: Decision) -> DecisionOut:
    """The stored decision, explained for a practitioner."""
    decision = from_dict(row.record)
    return DecisionOut(
        id=row.id,
        referral_id=row.referral_id,
        case_id=row.case_id,
        decided_at=row.decided_at,
        because=row.because,
        decision=decision,
        explanation=[
            PassageOut(heading=passage.heading, sentences=list(passage.sentences))
            for passage in explain(decision, Audience.PRACTITIONER).passages
        ],
    )
