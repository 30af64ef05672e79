"""Every query of the actions room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from app.actions.models import Action, Change, Report, Review
from app.vocabulary import ActionState


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which actions to list. None means "any"."""

    state: str | None = None
    overdue: bool | None = None
    unreviewed: bool | None = None
    owner_agency: str | None = None
    owner_role: str | None = None
    forum: str | None = None
    area: str | None = None
    case_id: str | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None


def action_for_change(session: Session, action_id: str) -> Action | None:
    """The action, locked until this transaction ends."""
    return session.scalar(select(Action).where(Action.id == action_id).with_for_update())


def action_by_id(session: Session, action_id: str) -> Action | None:
    return session.scalar(select(Action).where(Action.id == action_id))


def open_duties_of_case(session: Session, case_id: str) -> dict[str, Action]:
    """The open actions of a case that a duty of the policy asked for, by duty."""
    rows = session.scalars(
        select(Action).where(
            Action.case_id == case_id, Action.state == ActionState.OPEN, Action.duty.is_not(None)
        )
    )
    return {row.duty: row for row in rows if row.duty}


def unfinished_actions_of_case(session: Session, case_id: str) -> Sequence[Action]:
    return session.scalars(
        select(Action)
        .where(Action.case_id == case_id, Action.state != ActionState.REVIEWED)
        .order_by(Action.sort_at, Action.id)
    ).all()


def list_actions(
    session: Session, wanted: ActionFilter, after: tuple[datetime, str] | None, limit: int, now: datetime
) -> Sequence[Action]:
    """The next `limit` actions after a position, the most overdue first."""
    query = select(Action).where(*_conditions(wanted, now)).order_by(Action.sort_at, Action.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(Action.sort_at, Action.id) > after)
    return session.scalars(query).all()


def _conditions(wanted: ActionFilter, now: datetime) -> list[ColumnElement[bool]]:
    exact = {
        name: getattr(wanted, name) for name in ("owner_agency", "owner_role", "area", "case_id", "state")
    }
    conditions = [getattr(Action, name) == value for name, value in exact.items() if value is not None]
    if wanted.state is None:
        conditions.append(Action.state != ActionState.REVIEWED)
    if wanted.forum is not None:
        conditions.append(Action.forums.contains([wanted.forum]))
    if wanted.overdue is not None:
        conditions.append(is_overdue(now) if wanted.overdue else ~is_overdue(now))
    if wanted.unreviewed is not None:
        conditions.append(is_unreviewed(now) if wanted.unreviewed else ~is_unreviewed(now))
    if wanted.due_before is not None:
        conditions.append(Action.sort_at < wanted.due_before)
    if wanted.due_after is not None:
        conditions.append(Action.sort_at >= wanted.due_after)
    return conditions


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Not done in time: open or come back, and past its deadline."""
    return and_(Action.state.in_([ActionState.OPEN, ActionState.RETURNED]), Action.sort_at <= now)


def is_unreviewed(now: datetime) -> ColumnElement[bool]:
    """Waiting for a second person: reported, come back declined, or past its deadline and not looked at."""
    return or_(
        Action.state.in_([ActionState.REPORTED, ActionState.RETURNED]),
        and_(Action.state == ActionState.OPEN, Action.sort_at <= now),
    )


def latest_report(session: Session, action_id: str) -> Report | None:
    return session.scalar(
        select(Report)
        .where(Report.action_id == action_id)
        .order_by(Report.reported_at.desc(), Report.id.desc())
        .limit(1)
    )


def history_of(
    session: Session, action_id: str
) -> tuple[Sequence[Report], Sequence[Review], Sequence[Change]]:
    """Every report, review and change of an action, each oldest first."""
    return (
        session.scalars(
            select(Report).where(Report.action_id == action_id).order_by(Report.reported_at)
        ).all(),
        session.scalars(
            select(Review).where(Review.action_id == action_id).order_by(Review.reviewed_at)
        ).all(),
        session.scalars(
            select(Change).where(Change.action_id == action_id).order_by(Change.changed_at)
        ).all(),
    )
