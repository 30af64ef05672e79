"""Lists of actions: the filters of `GET /v1/actions`, as conditions of one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, any_, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from app.actions.further_cases.repository import is_of_case
from app.actions.models import Action, Cover
from app.vocabulary import UNFINISHED, ActionState


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


def list_actions(
    session: Session, wanted: ActionFilter, after: tuple[datetime, str] | None, limit: int, now: datetime
) -> Sequence[Action]:
    """Returns the next `limit` actions after a position, the most overdue first."""
    # Pages go by the pair (sort_at, id): the index ix_action_due serves it, and no row is skipped or repeated.
    query = select(Action).where(*_conditions(wanted, now)).order_by(Action.sort_at, Action.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(Action.sort_at, Action.id) > after)
    return session.scalars(query).all()


def planned_actions_of_case(session: Session, case_id: str) -> Sequence[Action]:
    """Returns the case's actions that open on a later day, the earliest first."""
    planned = select(Action).where(is_of_case(case_id), Action.state == ActionState.PLANNED)
    return session.scalars(planned.order_by(Action.opens_on, Action.id)).all()


def _conditions(wanted: ActionFilter, now: datetime) -> list[ColumnElement[bool]]:
    exact = {name: getattr(wanted, name) for name in ("area", "state")}
    conditions = [getattr(Action, name) == value for name, value in exact.items() if value is not None]
    if wanted.case_id is not None:
        conditions.append(is_of_case(wanted.case_id))
    conditions.extend(_held_by(wanted.owner_agency, wanted.owner_role))
    if wanted.state is None:
        conditions.append(Action.state.in_(UNFINISHED))
    if wanted.forum is not None:
        conditions.append(literal(wanted.forum) == any_(Action.forums))
    if wanted.overdue is not None:
        conditions.append(is_overdue(now) if wanted.overdue else ~is_overdue(now))
    if wanted.unreviewed is not None:
        conditions.append(is_unreviewed(now) if wanted.unreviewed else ~is_unreviewed(now))
    if wanted.due_before is not None:
        # `sort_at` is the instant from which it is late: a date counts until the end of its London day.
        conditions.append(Action.sort_at < wanted.due_before)
    if wanted.due_after is not None:
        conditions.append(Action.sort_at >= wanted.due_after)
    return conditions


def _held_by(agency: str | None, role: str | None) -> list[ColumnElement[bool]]:
    """Selects actions that the post owns, or that it covers while the owner is away."""
    wanted = [
        (owner == value, cover == value)
        for owner, cover, value in (
            (Action.owner_agency, Cover.cover_agency, agency),
            (Action.owner_role, Cover.cover_role, role),
        )
        if value is not None
    ]
    if not wanted:
        return []
    covering = select(Cover.id).where(*(covers for _, covers in wanted))
    return [or_(and_(*(owns for owns, _ in wanted)), Action.cover_id.in_(covering))]


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Selects actions that are open or were returned, and whose deadline has passed."""
    return and_(Action.state.in_([ActionState.OPEN, ActionState.RETURNED]), Action.sort_at <= now)


def is_unreviewed(now: datetime) -> ColumnElement[bool]:
    """Selects actions that wait for a second person: reported, declined, or open past their deadline."""
    return or_(
        Action.state.in_([ActionState.REPORTED, ActionState.RETURNED]),
        and_(Action.state == ActionState.OPEN, Action.sort_at <= now),
    )
