"""The queries for transfers between areas."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ownership.models import Transfer, TransferAnswer
from app.vocabulary import ProposalState


def transfer_by_id(session: Session, transfer_id: str) -> Transfer | None:
    return session.scalar(select(Transfer).where(Transfer.id == transfer_id))


def transfer_for_change(session: Session, transfer_id: str) -> Transfer | None:
    """Locks the transfer and returns it as it stands now. Lock its need first."""
    return session.scalar(
        select(Transfer).where(Transfer.id == transfer_id).with_for_update().execution_options(populate_existing=True)
    )


def waiting_transfer(session: Session, need_id: str) -> Transfer | None:
    """Returns the unanswered transfer of the need. A unique index allows one at a time."""
    return session.scalar(select(Transfer).where(Transfer.need_id == need_id, Transfer.state == ProposalState.PROPOSED))


def answer_of(session: Session, transfer_id: str) -> TransferAnswer | None:
    return session.scalar(select(TransferAnswer).where(TransferAnswer.transfer_id == transfer_id))
