"""The queries for notices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.notices.models import WorkNotice


def unreceived_notices(session: Session, sent_before: datetime, limit: int) -> Sequence[WorkNotice]:
    """Locks the notices that nobody is known to have received, the earliest first, and returns up to `limit`."""
    return session.scalars(
        select(WorkNotice)
        .where(WorkNotice.received_at.is_(None), WorkNotice.action_id.is_(None), WorkNotice.sent_at <= sent_before)
        .order_by(WorkNotice.sent_at, WorkNotice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def notice_for_change(session: Session, notice_id: str) -> WorkNotice | None:
    """Locks the notice until this transaction ends, and returns it."""
    return session.scalar(select(WorkNotice).where(WorkNotice.id == notice_id).with_for_update())


def notices_of_case(session: Session, case_id: str) -> Sequence[WorkNotice]:
    """Returns the notices of the case, the oldest first."""
    return session.scalars(
        select(WorkNotice).where(WorkNotice.case_id == case_id).order_by(WorkNotice.sent_at, WorkNotice.id)
    ).all()
