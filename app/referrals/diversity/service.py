"""Stores the counting fields apart from the referral that they came with."""

from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.referrals.diversity.models import Diversity
from app.referrals.diversity.schemas import DiversityIn
from app.referrals.models import Referral


def keep_for_counting(tx: Transaction, referral: Referral, stated: DiversityIn | None) -> None:
    """Stores what is counted of the victim of the case; None takes back what the same agency stated before."""
    fields = {} if stated is None else stated.model_dump()
    tx.session.add(
        Diversity(
            id=new_id("div"),
            referral_id=referral.id,
            case_id=referral.case_id,
            area=referral.area,
            agencies=[tx.caller.agency],
            recorded_by=tx.caller.agency,
            recorded_at=tx.now,
            taken_back=stated is None,
            **fields,
        )
    )
    tx.session.flush()
