"""What he must never learn: kept apart from the referral it came with, sealed, and read by named persons only.

Source: DHR "Jean" 17.18: practitioners need the history, and it has to be kept from him.
"""

from datetime import datetime

from pydantic import SecretStr
from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.foundation.caller import Caller
from app.foundation.identifiers import new_id
from app.referrals.models import NotForDisclosure, Referral
from app.referrals.withheld.sealing import seal
from app.vocabulary import Role


def withhold(
    session: Session, caller: Caller, referral: Referral, text: SecretStr | None, now: datetime
) -> None:
    """The text is on record beside the referral, for its sender, MARAC and the IDVA; nothing given, nothing stored."""
    if text is None:
        return
    idva = agency_in_post(session, referral.area, Role.IDVA)
    session.add(
        NotForDisclosure(
            id=new_id("nfd"),
            referral_id=referral.id,
            case_id=referral.case_id,
            area=referral.area,
            agencies=sorted({referral.referring_agency, caller.agency, *([idva] if idva else [])}),
            sealed=seal(session, text.get_secret_value(), referral.id),
            recorded_by=caller.answerable,
            recorded_at=now,
        )
    )
    session.flush()
