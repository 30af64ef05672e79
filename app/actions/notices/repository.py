"""The queries for notices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.notices.models import Notice


def unreceived_notices(session: Session, sent_before: datetime, limit: int) -> Sequence[Notice]:
    """Locks the notices that nobody is known to have received, the earliest first, and returns up to `limit`."""
    return session.scalars(
        select(Notice)
        .where(Notice.received_at.is_(None), Notice.action_id.is_(None), Notice.sent_at <= sent_before)
        .order_by(Notice.sent_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def notice_for_change(session: Session, notice_id: str) -> Notice | None:
    """Locks the notice until this transaction ends, and returns it."""
    return session.scalar(select(Notice).where(Notice.id == notice_id).with_for_update())


def notices_of_case(session: Session, case_id: str) -> Sequence[Notice]:
    """Returns the notices of the case, the oldest first."""
    return session.scalars(select(Notice).where(Notice.case_id == case_id).order_by(Notice.sent_at, Notice.id)).all()
