"""The queries for notices."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from app.actions.notices.models import WorkNotice

_GOES_ON = (WorkNotice.received_at.is_(None), WorkNotice.ended_because.is_(None))


def notices_to_return(session: Session, sent_before: datetime, limit: int) -> Sequence[WorkNotice]:
    """Returns up to `limit` of the notices that nobody is known to have received, the earliest first."""
    waiting = (*_GOES_ON, WorkNotice.action_id.is_(None), WorkNotice.sent_at <= sent_before)
    return session.scalars(
        select(WorkNotice).where(*waiting).order_by(WorkNotice.sent_at, WorkNotice.id).limit(limit)
    ).all()


def unreceived_for_change(session: Session, *conditions: ColumnElement[bool]) -> Sequence[WorkNotice]:
    """Locks the notices that somebody still has to receive and that meet the conditions, the earliest first."""
    return session.scalars(
        select(WorkNotice)
        .where(*_GOES_ON, *conditions)
        .order_by(WorkNotice.sent_at, WorkNotice.id)  # one order for every caller: two never wait for each other
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def cases_waiting_for_receipt(session: Session, condition: ColumnElement[bool]) -> set[str]:
    """Returns the cases of the unreceived notices that meet the condition."""
    return set(session.scalars(select(WorkNotice.case_id).where(*_GOES_ON, condition)))


def is_carried_by(carried: Collection[tuple[str, str]]) -> ColumnElement[bool]:
    """Returns the condition that one of these (event, agency) carries the notice."""
    return tuple_(WorkNotice.event_id, WorkNotice.agency).in_(carried)


def notice_by_id(session: Session, notice_id: str) -> WorkNotice | None:
    return session.get(WorkNotice, notice_id)


def notice_for_change(session: Session, notice_id: str) -> WorkNotice:
    """Locks the notice, which is on record, until this transaction ends, and returns it as it stands."""
    return session.get_one(WorkNotice, notice_id, populate_existing=True, with_for_update=True)


def notices_of_case(session: Session, case_id: str) -> Sequence[WorkNotice]:
    """Returns the notices of the case, the oldest first."""
    return session.scalars(
        select(WorkNotice).where(WorkNotice.case_id == case_id).order_by(WorkNotice.sent_at, WorkNotice.id)
    ).all()
