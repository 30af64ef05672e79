"""Stores decisions, and says when two of them rest on the same facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.referrals.models import Case, Decision, Referral
from app.routing.facts.events import distinct_events
from app.routing.facts.snapshot import CaseSnapshot
from app.routing.record.codec import to_dict
from app.routing.record.decision import RoutingDecision


@dataclass(frozen=True, slots=True)
class MadeDecision:
    """A decision on a case that is not stored yet. `told_sha256` is the hash of the facts that agencies reported."""

    referral: Referral
    case: Case
    decision: RoutingDecision
    told_sha256: str
    because: str


def hash_of_reported_facts(snapshot: CaseSnapshot) -> str:
    """Returns a hash of the facts that agencies reported, without who declined or owns: "the same facts" of I5.

    An event that was sent again is no new fact.
    """
    reported: Sequence[Any] = (
        snapshot.victim,
        snapshot.perpetrator,
        snapshot.assessment,
        distinct_events(snapshot.incidents or ()),
        snapshot.orders,
        snapshot.children,
        snapshot.claims,
        snapshot.dvds,
        snapshot.route,
    )
    return sha256(repr(reported).encode()).hexdigest()


def reported_facts_hash(decision: Decision) -> str:
    """Returns the hash of the reported facts that a stored decision rests on."""
    # Decisions from before this column existed have none; the hash of all their facts stands in.
    return decision.told_sha256 or decision.facts_sha256


def store_decision(session: Session, made: MadeDecision, now: datetime) -> Decision:
    """Stores the decision with its facts, its findings, the policy's hash and its own hash."""
    decision, case = made.decision, made.case
    stored = Decision(
        id=new_id("dec"),
        referral_id=made.referral.id,
        case_id=case.id,
        area=case.area,
        agencies=case.agencies,
        decided_at=now,
        because=made.because,
        policy_id=decision.policy_id,
        policy_version=decision.policy_version,
        policy_sha256=decision.policy_sha256,
        facts_sha256=decision.facts_sha256,
        told_sha256=made.told_sha256,
        sha256=decision.sha256,
        record=to_dict(decision),
    )
    session.add(stored)
    session.flush()
    return stored
