"""Finds the need, proposal or transfer that a request names, within what the caller may see."""

from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.foundation.storage.transaction import Transaction
from app.ownership import ending_repository, proposal_repository, repository
from app.ownership.models import AskedEnding, Need, Proposal, Transfer
from app.ownership.needs import transfer_repository
from app.ownership.needs.confirmers import may_read


def find_need(session: Session, need_id: str) -> Need:
    """Returns the need, or `NotFound` when there is none that the caller may see."""
    need = repository.need_by_id(session, need_id)
    if need is None:
        raise NotFound("there is no such need, or it is not yours to see")
    return need


def find_proposal(session: Session, proposal_id: str) -> Proposal:
    """Returns the proposal, or `NotFound` when there is none that the caller may see."""
    proposal = proposal_repository.proposal_by_id(session, proposal_id)
    if proposal is None:
        raise NotFound("there is no such proposal, or it is not yours to see")
    return proposal


def find_asked_ending(tx: Transaction, asked_id: str) -> AskedEnding:
    """Returns the ending that waits or was answered, or `NotFound` when there is none that the caller may see."""
    asked = ending_repository.asked_ending_by_id(tx.session, asked_id)
    sees_need = asked is not None and repository.need_by_id(tx.session, asked.need_id) is not None
    if asked is None or not may_read(tx, asked, sees_need=sees_need):
        raise NotFound("there is no such ending, or it is not yours to see")
    return asked


def find_transfer(session: Session, transfer_id: str) -> Transfer:
    """Returns the transfer, or `NotFound` when there is none that the caller may see."""
    transfer = transfer_repository.transfer_by_id(session, transfer_id)
    if transfer is None:
        raise NotFound("there is no such transfer, or it is not yours to see")
    return transfer
