"""Her safety has been taken by another area: that area's policy decides, and its forums list her.

Source: DHR "Jean" 14.3.15: nothing reached the next area; SafeLives MARAC to MARAC: the receiving MARAC hears the case.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.service import route
from app.meetings.repository import leave_lists
from app.ownership.models import Need, Transfer
from app.ownership.needs.transfers import accept_transfer
from app.referrals.models import Case
from app.referrals.repository import latest_referral_of
from app.vocabulary import EventType


def take_over(
    session: Session,
    caller: Caller,
    transfer: Transfer,
    need: Need,
    cases: Sequence[Case],
    note: str | None,
    now: datetime,
) -> None:
    """The receiving area owns her safety, has decided each of her cases, and no list of the old one waits for them."""
    accept_transfer(Transaction(session, caller, now), transfer, need, cases, note)
    for case in cases:
        leave_lists(session, case.id, transfer.area, london_date(now))
        referral = latest_referral_of(session, case.id)
        if referral is not None:
            because = f"taken over from {transfer.area}"
            route(session, caller, referral, case, because, EventType.REFERRAL_REROUTED, now)
