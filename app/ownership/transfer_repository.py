"""Every query about transfers between areas."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.ownership.models import Transfer, TransferAnswer
from app.reminders.service import cancel_ladder
from app.vocabulary import ProposalState


def transfer_by_id(session: Session, transfer_id: str) -> Transfer | None:
    return session.scalar(select(Transfer).where(Transfer.id == transfer_id))


def transfer_for_change(session: Session, transfer_id: str) -> Transfer | None:
    """The transfer as it stands now, locked. Lock its need first."""
    return session.scalar(
        select(Transfer)
        .where(Transfer.id == transfer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def waiting_transfer(session: Session, need_id: str) -> Transfer | None:
    return session.scalar(
        select(Transfer).where(Transfer.need_id == need_id, Transfer.state == ProposalState.PROPOSED)
    )


def answer_of(session: Session, transfer_id: str) -> TransferAnswer | None:
    return session.scalar(select(TransferAnswer).where(TransferAnswer.transfer_id == transfer_id))


def answer_transfer(
    session: Session,
    transfer: Transfer,
    state: ProposalState,
    reason: str,
    by: str,
    now: datetime,
    need_opened: str | None = None,
) -> TransferAnswer:
    """The transfer has its one answer, and nothing reminds of it any more."""
    transfer.state = state
    made = TransferAnswer(
        id=new_id("tra"),
        transfer_id=transfer.id,
        state=state,
        reason=reason,
        need_opened=need_opened,
        answered_by=by,
        answered_at=now,
        area=transfer.area,
        agencies=transfer.agencies,
    )
    session.add(made)
    session.flush()
    cancel_ladder(session, transfer.id, state.lower(), now)
    return made
