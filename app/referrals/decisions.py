"""A decision as it is kept, and what "the same facts" means."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.referrals.models import Case, Decision, Referral
from app.routing.facts.snapshot import CaseSnapshot
from app.routing.record.codec import to_dict
from app.routing.record.decision import RoutingDecision


def basis_of(snapshot: CaseSnapshot) -> str:
    """A hash of the facts themselves, without who declined or owns: what "the same facts" means (I5)."""
    told: Sequence[Any] = (
        snapshot.victim,
        snapshot.perpetrator,
        snapshot.assessment,
        snapshot.incidents,
        snapshot.orders,
        snapshot.children,
        snapshot.claims,
        snapshot.dvds,
        snapshot.route,
    )
    return sha256(repr(told).encode()).hexdigest()


def store_decision(
    session: Session,
    referral: Referral,
    case: Case,
    decision: RoutingDecision,
    told_sha256: str,
    because: str,
    now: datetime,
) -> Decision:
    """The decision is kept with its facts, findings, policy hash and its own hash."""
    stored = Decision(
        id=new_id("dec"),
        referral_id=referral.id,
        case_id=case.id,
        area=case.area,
        agencies=case.agencies,
        decided_at=now,
        because=because,
        policy_id=decision.policy_id,
        policy_version=decision.policy_version,
        policy_sha256=decision.policy_sha256,
        facts_sha256=decision.facts_sha256,
        told_sha256=told_sha256,
        sha256=decision.sha256,
        record=to_dict(decision),
    )
    session.add(stored)
    session.flush()
    return stored
