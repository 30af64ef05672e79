"""Every query of the actions room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, any_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from app.actions.models import Action, Change, Cover, Report, Review
from app.referrals.models import Case
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


def action_for_share(session: Session, action_id: str) -> Action | None:
    """The action, which nobody changes until this transaction ends."""
    return session.scalar(select(Action).where(Action.id == action_id).with_for_update(read=True))


def actions_for_change(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Action]:
    """Unfinished actions, locked in one order so that two such changes never wait for each other."""
    return session.scalars(
        select(Action)
        .where(Action.state != ActionState.REVIEWED, *conditions)
        .order_by(Action.id)
        .with_for_update()
    ).all()


def open_duties_of_case(session: Session, case_id: str) -> dict[str, list[Action]]:
    """The open actions of each duty of a case, the one due first first: about each need, or following each other."""
    rows = session.scalars(
        select(Action)
        .where(Action.case_id == case_id, Action.state == ActionState.OPEN, Action.duty.is_not(None))
        .order_by(Action.sort_at, Action.id)
    )
    found: dict[str, list[Action]] = {}
    for row in rows:
        found.setdefault(row.duty or "", []).append(row)
    return found


def open_twin(session: Session, action: Action) -> Action | None:
    """Another open action of the same duty that follows none: a later decision asked for the duty anew."""
    if action.duty is None or action.follows_id is not None:
        return None
    return session.scalar(
        select(Action).where(
            Action.case_id == action.case_id,
            Action.duty == action.duty,
            Action.about.is_not_distinct_from(action.about),
            Action.state == ActionState.OPEN,
            Action.follows_id.is_(None),
            Action.id != action.id,
        )
    )


def is_followed(session: Session, action_id: str) -> bool:
    """Whether another action was opened after a report of this one."""
    return bool(session.scalar(select(select(Action.id).where(Action.follows_id == action_id).exists())))


def serves_an_open_need(session: Session, action: Action) -> bool:
    """Whether the need of its case that the action is about goes on; any of them when it is about none alone."""
    return bool(session.scalar(select(func.need_is_open(action.case_id, action.about))))


def case_id_of(session: Session, action_id: str) -> str | None:
    return session.scalar(select(Action.case_id).where(Action.id == action_id))


def hold_case(session: Session, case_id: str) -> None:
    """Whoever decides this case anew waits until this transaction ends. To be called before an action is locked."""
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update(key_share=True))


def covers_in_force(session: Session, area: str, on: date) -> dict[tuple[str, str], Cover]:
    """Who answers for whom in an area on that London date, by the post that is away."""
    rows = session.scalars(
        select(Cover).where(
            Cover.area == area, Cover.away_from <= on, Cover.away_until >= on, Cover.ended_at.is_(None)
        )
    )
    return {(cover.owner_agency, cover.owner_role): cover for cover in rows}


def actions_like(session: Session, action: Action, since: datetime) -> Sequence[Action]:
    """The other actions of the case that are not finished, or were recorded since then."""
    return session.scalars(
        select(Action)
        .where(
            Action.case_id == action.case_id,
            Action.id != action.id,
            or_(Action.state != ActionState.REVIEWED, Action.created_at >= since),
        )
        .order_by(Action.created_at, Action.id)
    ).all()


def actions_of_case(session: Session, case_id: str) -> Sequence[Action]:
    """Every action of the case, finished or not, the oldest first."""
    return session.scalars(
        select(Action).where(Action.case_id == case_id).order_by(Action.created_at, Action.id)
    ).all()


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
    exact = {name: getattr(wanted, name) for name in ("area", "case_id", "state")}
    conditions = [getattr(Action, name) == value for name, value in exact.items() if value is not None]
    conditions.extend(_answered_for_by(wanted.owner_agency, wanted.owner_role))
    if wanted.state is None:
        conditions.append(Action.state != ActionState.REVIEWED)
    if wanted.forum is not None:
        conditions.append(literal(wanted.forum) == any_(Action.forums))
    if wanted.overdue is not None:
        conditions.append(is_overdue(now) if wanted.overdue else ~is_overdue(now))
    if wanted.unreviewed is not None:
        conditions.append(is_unreviewed(now) if wanted.unreviewed else ~is_unreviewed(now))
    if wanted.due_before is not None:
        conditions.append(Action.sort_at < wanted.due_before)
    if wanted.due_after is not None:
        conditions.append(Action.sort_at >= wanted.due_after)
    return conditions


def _answered_for_by(agency: str | None, role: str | None) -> list[ColumnElement[bool]]:
    """Owned by that post, or covered by it while the owner is away."""
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
