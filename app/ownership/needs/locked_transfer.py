"""Locks a transfer with what its answer changes."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.ownership import repository
from app.ownership.models import Need, Transfer
from app.ownership.needs import transfer_repository
from app.referrals.models import Case


@dataclass(frozen=True, slots=True)
class LockedTransfer:
    """A transfer, the victim's need that it moves, and all cases that the need serves, each locked."""

    transfer: Transfer
    need: Need
    cases: list[Case]


def lock_transfer(session: Session, transfer_id: str, need_id: str) -> LockedTransfer:
    """Locks the cases, then the need, then the transfer, as every other change of a need does.

    Call it as the system, and only once the transfer was found among the caller's own rows.
    """
    cases = repository.cases_for_change(session, [need_id])
    need = repository.need_for_change(session, need_id)
    transfer = transfer_repository.transfer_for_change(session, transfer_id)
    assert need is not None and transfer is not None  # noqa: S101, PT018 - found above, never deleted
    return LockedTransfer(transfer, need, cases)
