"""The queries for endings that wait for a second person."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ownership.models import AskedEnding
from app.vocabulary import ProposalState


def asked_ending_by_id(session: Session, asked_id: str) -> AskedEnding | None:
    return session.scalar(select(AskedEnding).where(AskedEnding.id == asked_id))


def asked_ending_for_change(session: Session, asked_id: str) -> AskedEnding:
    """Locks what was asked and returns it as it stands now. Lock its need first."""
    query = select(AskedEnding).where(AskedEnding.id == asked_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def waiting_ending(session: Session, need_id: str) -> AskedEnding | None:
    """Returns the ending of the need that waits to be confirmed. A unique index allows one at a time."""
    return session.scalar(
        select(AskedEnding).where(AskedEnding.need_id == need_id, AskedEnding.state == ProposalState.PROPOSED)
    )


def withdraw_waiting_ending(session: Session, need_id: str, why: str, by: str, at: datetime) -> None:
    """Withdraws the ending of the need that waits to be confirmed, if there is one. Lock the need first."""
    asked = waiting_ending(session, need_id)
    if asked is not None:
        record_answer(asked, ProposalState.WITHDRAWN, why, by, at)
        # Stored before another one waits in its place.
        session.flush()


def record_answer(asked: AskedEnding, state: ProposalState, answer: str, by: str, at: datetime) -> None:
    """Notes how it was answered."""
    asked.state, asked.answer, asked.answered_by, asked.answered_at = state, answer, by, at
