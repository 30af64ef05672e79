"""The queries for covers."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.actions.cover.schemas import CoverRequest
from app.actions.models import Action, Cover


def cover_for_change(session: Session, cover_id: str) -> Cover | None:
    """Locks the cover until this transaction ends, and returns it."""
    return session.scalar(
        select(Cover).where(Cover.id == cover_id).with_for_update().execution_options(populate_existing=True)
    )


def cover_by_id(session: Session, cover_id: str) -> Cover | None:
    return session.scalar(select(Cover).where(Cover.id == cover_id))


def list_covers(session: Session, since: date, limit: int) -> Sequence[Cover]:
    """Covers that have not ended and whose last day is not before `since`, the soonest first."""
    return session.scalars(
        select(Cover)
        .where(Cover.away_until >= since, Cover.ended_at.is_(None))
        .order_by(Cover.away_from, Cover.id)
        .limit(limit)
    ).all()


def covers_to_begin(session: Session, today: date, limit: int) -> Sequence[Cover]:
    """Covers whose first day has come, locked. Those that another worker has locked are left out."""
    return session.scalars(
        select(Cover)
        .where(Cover.begun_at.is_(None), Cover.ended_at.is_(None), Cover.away_from <= today)
        .order_by(Cover.away_from, Cover.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def covers_past(session: Session, today: date, limit: int) -> Sequence[Cover]:
    """Covers whose last day has passed, locked. Those that another worker has locked are left out."""
    return session.scalars(
        select(Cover)
        .where(Cover.ended_at.is_(None), Cover.away_until < today)
        .order_by(Cover.away_until, Cover.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def owned_by(cover: Cover) -> tuple[ColumnElement[bool], ...]:
    """The conditions that select the actions of the post that is away."""
    return (
        Action.area == cover.area,
        Action.owner_agency == cover.owner_agency,
        Action.owner_role == cover.owner_role,
    )


def clashes(session: Session, sent: CoverRequest) -> list[tuple[str, Cover]]:
    """Covers of overlapping days that contradict this one, each with a sentence that says why."""
    same_days = session.scalars(
        select(Cover)
        .where(
            Cover.area == sent.area,
            Cover.ended_at.is_(None),
            # Both dates are included, so periods that share one day overlap.
            Cover.away_from <= sent.away_until,
            Cover.away_until >= sent.away_from,
        )
        .order_by(Cover.away_from, Cover.id)
    )
    owner, stand_in = (sent.owner_agency, sent.owner_role), (sent.cover_agency, sent.cover_role)
    found: list[tuple[str, Cover]] = []
    for cover in same_days:
        away, covering = (cover.owner_agency, cover.owner_role), (cover.cover_agency, cover.cover_role)
        if away == owner:
            found.append(("this post is covered already in that time", cover))
        elif away == stand_in:
            found.append(("the post that would cover is itself away in that time", cover))
        elif covering == owner:
            found.append(("this post covers another in that time", cover))
    return found
