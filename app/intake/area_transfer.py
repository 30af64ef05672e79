"""Takes over a victim's safety in another area: that area's policy decides, and that area's forums list the cases.

Source: DHR "Jean" 14.3.15: nothing reached the next area; SafeLives MARAC to MARAC: the receiving MARAC hears the case.
"""

from collections.abc import Sequence

from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.service import RoutingTrigger, route
from app.meetings.lists.preparation_ended import NOT_LISTED, end_preparation
from app.meetings.repositories.listing_repository import leave_lists
from app.ownership.models import Need, Transfer
from app.ownership.needs.transfers import accept_transfer
from app.people.service import take_over_persons
from app.referrals.models import Case
from app.referrals.repositories.report_repository import latest_referral_of


def take_over_cases(tx: Transaction, transfer: Transfer, need: Need, cases: Sequence[Case], note: str | None) -> None:
    """Accepts the transfer, decides each case in the receiving area, and takes it off the lists of the old area."""
    accept_transfer(tx, transfer, need, cases, note)
    people = {ref for case in cases for ref in (case.victim_ref, case.perpetrator_ref) if ref}
    take_over_persons(tx.session, people, transfer.receiver_agency, transfer.to_area)
    for case in cases:
        # Before routing, because a decision reads where the case is listed.
        leave_lists(tx.session, case.id, transfer.area, london_date(tx.now))
        end_preparation(tx, [case.id], NOT_LISTED)
        referral = latest_referral_of(tx.session, case.id)
        if referral is not None:
            route(tx, referral, case, RoutingTrigger(f"taken over from {transfer.area}"))
