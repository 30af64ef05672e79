"""Builds the responses about referrals and decisions."""

from collections.abc import Sequence

from app.referrals.models import Decision, LaterFacts, NotForDisclosure, Referral
from app.referrals.response_schemas import DecisionOut, PassageOut, ReferralOut
from app.routing.handbook.explain import Audience, explain
from app.routing.record.codec import from_dict
from app.routing.record.decision import RoutingDecision


def referral_out(
    referral: Referral, learned: Sequence[LaterFacts], withheld: Sequence[NotForDisclosure]
) -> ReferralOut:
    """Returns the referral as it was sent and the facts learned since.

    Of what the perpetrator must never learn it returns only the address where a named person reads it.
    """
    return ReferralOut(
        id=referral.id,
        case_id=referral.case_id,
        area=referral.area,
        source_system=referral.source_system,
        source_reference=referral.source_reference,
        referring_agency=referral.referring_agency,
        received_at=referral.received_at,
        document=referral.document,
        learned=[row.document for row in learned],
        not_for_disclosure=f"/v1/referrals/{referral.id}/not-for-disclosure" if withheld else None,
    )


def decision_out(row: Decision) -> DecisionOut:
    """Returns the stored decision, explained for a practitioner."""
    decision = from_dict(row.record)
    return DecisionOut(
        id=row.id,
        referral_id=row.referral_id,
        case_id=row.case_id,
        decided_at=row.decided_at,
        because=row.because,
        decision=decision,
        explanation=explanation_out(decision),
    )


def explanation_out(decision: RoutingDecision) -> list[PassageOut]:
    """Returns the explanation of a decision for a practitioner, passage by passage."""
    return [
        PassageOut(heading=passage.heading, sentences=list(passage.sentences))
        for passage in explain(decision, Audience.PRACTITIONER).passages
    ]
