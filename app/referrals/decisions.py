"""Stores decisions, and says when two of them rest on the same facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.referrals.models import Case, Decision, Referral
from app.routing.facts.events import events_by_anybody
from app.routing.facts.reports.current import NOTHING
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.record.decision import RoutingDecision
from app.routing.record.short_form import short_form


@dataclass(frozen=True, slots=True)
class MadeDecision:
    """A decision on a case that is not stored yet. `told_sha256` is the hash of the facts that agencies reported.

    `stated` are the signs of danger among them.
    """

    referral: Referral
    case: Case
    decision: RoutingDecision
    told_sha256: str
    because: str
    stated: tuple[str, ...]
    marac_referred_at: datetime | None = None


def hash_of_reported_facts(snapshot: CaseSnapshot) -> str:
    """Returns a hash of the facts that agencies reported, without who declined or owns: "the same facts" of I5.

    An event that was sent again is no new fact.
    """
    reported: Sequence[Any] = (
        snapshot.victim,
        snapshot.perpetrator,
        _assessments(snapshot),
        events_by_anybody(snapshot.incidents or ()),
        snapshot.orders,
        snapshot.children,
        # Not the rest of the contact: another telephone number is no reason to ask a forum again.
        (snapshot.contact.relationship, snapshot.contact.separated_on),
        snapshot.claims,
        snapshot.disclosure,
        sorted({one.route for one in snapshot.reports if one.route is not None}),
        snapshot.answered,
    )
    return sha256(repr(reported).encode()).hexdigest()


def _assessments(snapshot: CaseSnapshot) -> list[str]:
    """Returns each different assessment once: a report that says what another one said is no new fact."""
    return sorted({repr(one.assessment) for one in snapshot.reports if one.assessment != NOTHING})


def reported_facts_hash(decision: Decision) -> str:
    """Returns the hash of the reported facts that a stored decision rests on."""
    # Decisions from before this column existed have none; the hash of all their facts stands in.
    return decision.told_sha256 or decision.facts_sha256


def store_decision(session: Session, made: MadeDecision, now: datetime) -> Decision:
    """Stores the decision in its short form, with the policy's hash and that of the whole record."""
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
        marac_referred_at=made.marac_referred_at,
        sha256=decision.sha256,
        stated=list(made.stated),
        record=short_form(decision),
    )
    session.add(stored)
    session.flush()
    return stored
