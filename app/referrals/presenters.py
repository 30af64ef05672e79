"""A stored decision as it is shown, with its explanation."""

from app.referrals.models import Decision
from app.referrals.response_schemas import DecisionOut, PassageOut
from app.routing.handbook.explain import Audience, explain
from app.routing.record.codec import from_dict


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
