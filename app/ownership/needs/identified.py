"""The perpetrator of a case is identified: the need about whoever it was goes on as the need about that person."""

from app.foundation.storage.transaction import Transaction
from app.ownership import repository
from app.ownership.models import Ending, Need
from app.ownership.needs.ending_checks import NeedToEnd
from app.ownership.needs.endings import close_need
from app.ownership.needs.opening import unidentified
from app.referrals.models import Case
from app.vocabulary import EndReason, NeedKind

NOTE = "The perpetrator is identified: the need about them goes on"


def end_need_of_unidentified(tx: Transaction, case: Case, goes_on: Need) -> None:
    """Ends the case's open need about an unidentified perpetrator, as a duplicate of the need that goes on."""
    found = repository.newest_need(tx.session, NeedKind.PERPETRATOR, unidentified(case), case.area)
    need = repository.need_for_change(tx.session, found.id) if found is not None else None
    if need is None or need.ended_at is not None:
        return
    ending = NeedToEnd(need, repository.current_ownership(tx.session, need), [case], goes_on)
    record = Ending(
        need_id=need.id,
        reason=EndReason.DUPLICATE_OF,
        note=NOTE,
        as_role=ending.owner.role,
        duplicate_of=goes_on.id,
        ended_by=tx.by,
    )
    close_need(tx, ending, record)
