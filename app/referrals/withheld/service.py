"""Stores what the perpetrator must never learn: sealed and apart from the referral, for named readers only.

Source: DHR "Jean" 17.18: practitioners need the history, and it has to be kept from the perpetrator.
"""

from pydantic import SecretStr

from app.access.repository import agency_in_post
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.referrals.models import NotForDisclosure, Referral
from app.referrals.withheld.sealing import seal
from app.vocabulary import Role


def withhold(tx: Transaction, referral: Referral, text: SecretStr | None) -> None:
    """Seals the text beside the referral, for its sender, MARAC and the IDVA. Without a text it stores nothing."""
    if text is None:
        return
    idva = agency_in_post(tx.session, referral.area, Role.IDVA)
    # MARAC's posts are not among them: their keys show every row of the area.
    readers = {referral.referring_agency, tx.caller.agency, *([idva] if idva else [])}
    tx.session.add(
        NotForDisclosure(
            id=new_id("nfd"),
            referral_id=referral.id,
            case_id=referral.case_id,
            area=referral.area,
            # Fewer agencies than the referral names: one that works with the perpetrator must not read it.
            agencies=sorted(readers),
            sealed=seal(tx.session, text.get_secret_value(), referral.id),
            recorded_by=tx.by,
            recorded_at=tx.now,
        )
    )
    tx.session.flush()
