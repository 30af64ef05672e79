"""The use cases of referrals: received whole, added to, and decided about; nothing is edited."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.referrals import repository
from app.referrals.facts import overlaid
from app.referrals.models import Case, Decision, Incident, Learned, Referral
from app.referrals.schemas import IncidentIn, LearnedRequest, ReferralRequest
from app.routing.codec import to_dict
from app.routing.decision import Decision as RoutingDecision
from app.routing.snapshot import CaseSnapshot


def receive(session: Session, caller: Caller, sent: ReferralRequest, now: datetime) -> tuple[Referral, Case]:
    """The referral and its incidents are stored as they were sent, on the case of these two people."""
    repository.take_turn(session, caller.client_id, sent.source_system, sent.source_reference)
    earlier = repository.referral_by_source(
        session, caller.client_id, sent.source_system, sent.source_reference
    )
    if earlier is not None:
        raise Conflict(
            "this source reference was sent before; read that referral, or post an incident to it",
            code="referral-already-received",
            referral_id=earlier.id,
            location=f"/v1/referrals/{earlier.id}",
        )
    case = case_for(session, sent, caller.agency, now)
    referral = Referral(
        id=new_id("ref"),
        case_id=case.id,
        area=sent.area,
        agencies=[caller.agency],
        client_id=caller.client_id,
        source_system=sent.source_system,
        source_reference=sent.source_reference,
        referring_agency=caller.agency,
        received_at=now,
        document=sent.model_dump(mode="json", exclude_unset=True),
    )
    session.add(referral)
    session.flush()
    for incident in sent.incidents:
        add_incident(session, referral, case, incident, now)
    return referral, case


def case_for(session: Session, sent: ReferralRequest, agency: str, now: datetime) -> Case:
    """The one case of this victim and this perpetrator, locked; while he is unknown each referral is its own case."""
    perpetrator = sent.perpetrator.ref if sent.perpetrator.known else None
    case_id = new_id("case")
    row = {
        "id": case_id,
        "reference": f"{sent.area}-{now:%Y}-{case_id[-8:].upper()}",
        "area": sent.area,
        "agencies": [agency],
        "victim_ref": sent.victim.ref,
        "perpetrator_ref": perpetrator,
        "opened_at": now,
    }
    repository.insert_case_unless_there(session, row)
    known = repository.case_of_dyad(session, sent.victim.ref, perpetrator) if perpetrator else None
    case = known or repository.case_by_id(session, case_id)
    assert case is not None  # noqa: S101 - inserted or found one line above
    if agency not in case.agencies:
        case.agencies = [*case.agencies, agency]
        session.flush()
    return case


def add_incident(
    session: Session, referral: Referral, case: Case, sent: IncidentIn, now: datetime
) -> Incident:
    """The incident is on record; roles left out are those of the case."""
    incident = Incident(
        id=new_id("inc"),
        referral_id=referral.id,
        case_id=case.id,
        area=referral.area,
        agencies=referral.agencies,
        victim_ref=sent.victim_ref or case.victim_ref,
        perpetrator_ref=sent.perpetrator_ref or case.perpetrator_ref,
        occurred_at=sent.occurred_at,
        recorded_at=now,
        document=sent.model_dump(mode="json", exclude_unset=True),
    )
    session.add(incident)
    session.flush()
    return incident


def learn(session: Session, caller: Caller, referral: Referral, sent: LearnedRequest, now: datetime) -> None:
    """What was learned is on record beside the referral; nothing learned, nothing stored."""
    document = sent.model_dump(mode="json", exclude_unset=True, exclude={"incident"})
    if not document:
        return
    session.add(
        Learned(
            id=new_id("lrn"),
            referral_id=referral.id,
            area=referral.area,
            agencies=referral.agencies,
            learned_at=now,
            learned_by=caller.agency,
            document=document,
        )
    )
    session.flush()


def as_now_known(session: Session, referral: Referral) -> ReferralRequest:
    """The referral overlaid with everything learned since."""
    learned = [row.document for row in repository.learned_about(session, referral.id)]
    return ReferralRequest.model_validate(overlaid(referral.document, learned))


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
    session: Session, referral: Referral, case: Case, decision: RoutingDecision, because: str, now: datetime
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
        sha256=decision.sha256,
        record=to_dict(decision),
    )
    session.add(stored)
    session.flush()
    return stored
