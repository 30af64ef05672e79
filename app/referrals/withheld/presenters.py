"""Builds the answer that shows what is withheld from the perpetrator."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.referrals.models import NotForDisclosure
from app.referrals.withheld.response_schemas import NotForDisclosureOut, WithheldOut
from app.referrals.withheld.sealing import unseal


def not_for_disclosure_out(session: Session, referral_id: str, rows: Sequence[NotForDisclosure]) -> NotForDisclosureOut:
    """Returns the texts, opened.

    Call it once the reading is on the audit trail: no opened text is without its reader.
    """
    return NotForDisclosureOut(referral_id=referral_id, items=[withheld_out(session, row) for row in rows])


def withheld_out(session: Session, row: NotForDisclosure) -> WithheldOut:
    """Returns one text, opened. Call it once the reading is on the audit trail."""
    text = unseal(session, row.sealed, row.referral_id)
    return WithheldOut(part=row.part, text=text, recorded_by=row.recorded_by, recorded_at=row.recorded_at)
