"""The queries for covers."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.actions.models import Action, Cover


def cover_for_change(session: Session, cover_id: str) -> Cover | None:
    """Locks the cover until this transaction ends, and returns it."""
    return session.scalar(
        # `populate_existing`: the caller's own look loaded the cover before the lock, and it may have ended since.
        select(Cover).where(Cover.id == cover_id).with_for_update().execution_options(populate_existing=True)
    )


def cover_by_id(session: Session, cover_id: str) -> Cover | None:
    return session.scalar(select(Cover).where(Cover.id == cover_id))


def list_covers(session: Session, since: date, limit: int) -> Sequence[Cover]:
    """Returns covers that have not ended and whose last day is not before `since`, the soonest first."""
    return session.scalars(
        select(Cover)
        .where(Cover.away_until >= since, Cover.ended_at.is_(None))
        .order_by(Cover.away_from, Cover.id)
        .limit(limit)
    ).all()


def covers_to_begin(session: Session, today: date, limit: int) -> Sequence[Cover]:
    """Returns covers whose first day has come, locked. Those that another worker has locked are left out."""
    return session.scalars(
        select(Cover)
        .where(Cover.begun_at.is_(None), Cover.ended_at.is_(None), Cover.away_from <= today)
        .order_by(Cover.away_from, Cover.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def covers_past(session: Session, today: date, limit: int) -> Sequence[Cover]:
    """Returns covers whose last day has passed, locked. Those that another worker has locked are left out."""
    return session.scalars(
        select(Cover)
        .where(Cover.ended_at.is_(None), Cover.away_until < today)
        .order_by(Cover.away_until, Cover.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def owned_by(cover: Cover) -> tuple[ColumnElement[bool], ...]:
    """Returns the conditions that select the actions of the post that is away."""
    return (
        Action.area == cover.area,
        Action.owner_agency == cover.owner_agency,
        Action.owner_role == cover.owner_role,
    )


def covers_in_days(session: Session, area: str, first: date, last: date) -> Sequence[Cover]:
    """Returns the covers of the area that have not ended and share a day with that period, the first to begin first."""
    return session.scalars(
        select(Cover)
        .where(
            Cover.area == area,
            Cover.ended_at.is_(None),
            # Both dates are included, so periods that share one day overlap.
            Cover.away_from <= last,
            Cover.away_until >= first,
        )
        .order_by(Cover.away_from, Cover.id)
    ).all()
