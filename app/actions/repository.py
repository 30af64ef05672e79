"""The queries for actions and their history, except lists (`list_repository`) and covers (`cover.repository`)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access.models import Post
from app.actions.further_cases.repository import is_of_case
from app.actions.models import Action, Change, Cover, Report, Review
from app.actions.vocabulary import ChangeKind
from app.foundation.storage.read_once import read_anew
from app.referrals.models import Case
from app.vocabulary import UNFINISHED, ActionOutcome, ActionState

_BATCH = 1000
AHEAD = (ActionState.PLANNED, ActionState.OPEN)
DONE = (ActionOutcome.COMPLETED, ActionOutcome.DONE_ON_RECORD)


def action_for_change(session: Session, action_id: str) -> Action | None:
    """Locks the action until this transaction ends, and returns it."""
    return session.scalar(select(Action).where(Action.id == action_id).with_for_update())


def action_by_id(session: Session, action_id: str) -> Action | None:
    return session.scalar(select(Action).where(Action.id == action_id))


def action_for_share(session: Session, action_id: str) -> Action | None:
    """Locks the action for sharing, and returns it: nobody changes it until this transaction ends."""
    # FOR SHARE: two reports may name the same action at once, and neither waits for the other.
    return session.scalar(select(Action).where(Action.id == action_id).with_for_update(read=True))


def actions_for_change(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Action]:
    """Locks the unfinished actions that meet the conditions until this transaction ends, and returns them."""
    return session.scalars(
        select(Action)
        .where(Action.state.in_(UNFINISHED), *conditions)
        .order_by(Action.id)  # one order for every caller, so that two of them never wait for each other
        .with_for_update()
    ).all()


def actions_of_filled_posts(session: Session, case_id: str) -> Sequence[Action]:
    """Locks the case's unfinished actions without an agency whose post is filled, and returns them."""
    filled = exists().where(Post.area == Action.area, Post.role == Action.owner_role)
    return actions_for_change(session, Action.case_id == case_id, Action.owner_agency.is_(None), filled)


def unreported_duties_for_change(session: Session, case_id: str, duties: Collection[str]) -> Sequence[Action]:
    """Locks the planned, open and returned actions of these duties of the case, and returns them."""
    return session.scalars(
        select(Action)
        .where(is_of_case(case_id), Action.duty.in_(duties), Action.state.in_((*AHEAD, ActionState.RETURNED)))
        .order_by(Action.id)
        .with_for_update()
    ).all()


def declined_for_change(session: Session, case_ids: Collection[str]) -> Sequence[Action]:
    """Locks the declined actions of these cases that are no danger yet, and returns them."""
    return session.scalars(
        select(Action)
        .where(Action.case_id.in_(case_ids), Action.state == ActionState.RETURNED, Action.life_safety.is_(False))
        .order_by(Action.id)
        .with_for_update()
    ).all()


def unreported_actions_for_change(session: Session, case_id: str) -> Sequence[Action]:
    """Locks the planned, open and returned actions that serve the case, and returns them."""
    states = (*AHEAD, ActionState.RETURNED)
    return session.scalars(
        select(Action).where(is_of_case(case_id), Action.state.in_(states)).order_by(Action.id).with_for_update()
    ).all()


def duties_done_since(session: Session, case_id: str, since: datetime) -> set[tuple[str, str | None]]:
    """Returns the (duty, need) of the case's actions that were reported or shown as done after that instant."""
    reported = exists().where(Report.action_id == Action.id, Report.reported_at > since)
    ended = exists().where(Change.action_id == Action.id, Change.what == ChangeKind.ENDED, Change.changed_at > since)
    rows = session.execute(
        select(Action.duty, Action.about).where(
            is_of_case(case_id), Action.duty.is_not(None), Action.outcome.in_(DONE), or_(reported, ended)
        )
    )
    return {(duty or "", about) for duty, about in rows}


def planned_actions_to_open(session: Session, today: date, limit: int) -> Sequence[Action]:
    """Locks the planned actions whose day has come, the earliest first, and returns up to `limit` of them."""
    return session.scalars(
        select(Action)
        .where(Action.state == ActionState.PLANNED, Action.opens_on <= today)
        .order_by(Action.opens_on, Action.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def was_reviewed_since(session: Session, case_id: str, since: datetime) -> bool:
    """Returns whether a second person has reviewed an action of the case since that instant."""
    reviewed = select(Review.id).join(Action, Action.id == Review.action_id)
    return bool(session.scalar(select(reviewed.where(Action.case_id == case_id, Review.reviewed_at >= since).exists())))


def batches_of_unfinished_actions(session: Session) -> Iterator[Sequence[Action]]:
    """Returns every action that is not reviewed, some at a time: all at once would fill the memory of a worker."""
    unfinished = select(Action).where(Action.state.in_(UNFINISHED))
    return session.scalars(unfinished.execution_options(yield_per=_BATCH)).partitions()


def open_duties_of_case(session: Session, case_id: str) -> dict[str, list[Action]]:
    """Returns the open and planned actions of a case by duty, the one due first at the front.

    One duty may be open for each need.
    """
    rows = session.scalars(
        select(Action)
        .where(is_of_case(case_id), Action.state.in_(AHEAD), Action.duty.is_not(None))
        .order_by(Action.sort_at, Action.id)
    )
    found: dict[str, list[Action]] = {}
    for row in rows:
        found.setdefault(row.duty or "", []).append(row)
    return found


def open_twin(session: Session, action: Action) -> Action | None:
    """Returns another action of the same duty and need that a later decision opened or plans."""
    if action.duty is None or action.follows_id is not None:
        return None
    return session.scalar(
        select(Action).where(
            Action.case_id == action.case_id,
            Action.duty == action.duty,
            Action.about.is_not_distinct_from(action.about),
            Action.state.in_(AHEAD),
            Action.follows_id.is_(None),
            Action.id != action.id,
        )
    )


def is_followed(session: Session, action_id: str) -> bool:
    """Returns whether another action was opened after a report of this one."""
    return bool(session.scalar(select(select(Action.id).where(Action.follows_id == action_id).exists())))


def serves_an_open_need(session: Session, action: Action) -> bool:
    """Returns whether the need that the action is about is open; any need of its case when it names none."""
    return need_is_open(session, action.case_id, action.about)


def need_is_open(session: Session, case_id: str, about: str | None) -> bool:
    """Returns whether that need of the case is open; any need of it when none is named."""
    # A function of the database: needs belong to the ownership room, which this room may not import.
    return bool(session.scalar(select(func.need_is_open(case_id, about))))


def case_ids_of(session: Session, action_ids: Collection[str]) -> set[str]:
    """Returns the cases of these actions."""
    return set(session.scalars(select(Action.case_id).where(Action.id.in_(action_ids))))


def hold_cases(session: Session, case_ids: Collection[str]) -> None:
    """Makes every new decision of these cases wait until this transaction ends. Call it before locking an action.

    A decision locks the case first and its actions after it. The same order here means that neither waits for both.
    """
    held = select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update(key_share=True)
    session.execute(held).all()
    # The decision before this one may have been made on other links between people.
    read_anew(session)


def lock_actions(session: Session, action_ids: Collection[str]) -> dict[str, int]:
    """Locks these actions and returns their versions; in one order, so that two calls never wait for each other."""
    held = select(Action.id, Action.version).where(Action.id.in_(action_ids)).order_by(Action.id).with_for_update()
    return dict(session.execute(held).all())


def covers_in_force(session: Session, area: str, on: date) -> dict[tuple[str, str], Cover]:
    """Returns the covers of an area on that London date, by the agency and role that is away."""
    rows = session.scalars(
        select(Cover).where(Cover.area == area, Cover.away_from <= on, Cover.away_until >= on, Cover.ended_at.is_(None))
    )
    return {(cover.owner_agency, cover.owner_role): cover for cover in rows}


def actions_like(session: Session, action: Action, since: datetime) -> Sequence[Action]:
    """Returns the other actions of the case that are unfinished or were recorded since then, the oldest first."""
    return session.scalars(
        select(Action)
        .where(
            Action.case_id == action.case_id,
            Action.id != action.id,
            or_(Action.state.in_(UNFINISHED), Action.created_at >= since),
        )
        .order_by(Action.created_at, Action.id)
    ).all()


def actions_of_case(session: Session, case_id: str) -> Sequence[Action]:
    """Returns every action of the case, finished or not, the oldest first."""
    return session.scalars(select(Action).where(is_of_case(case_id)).order_by(Action.created_at, Action.id)).all()


def unfinished_actions_of_case(session: Session, case_id: str) -> Sequence[Action]:
    return session.scalars(
        select(Action).where(is_of_case(case_id), Action.state.in_(UNFINISHED)).order_by(Action.sort_at, Action.id)
    ).all()


def latest_report(session: Session, action_id: str) -> Report | None:
    return session.scalar(
        select(Report)
        .where(Report.action_id == action_id)
        .order_by(Report.reported_at.desc(), Report.id.desc())
        .limit(1)
    )


def history_of(session: Session, action_id: str) -> tuple[Sequence[Report], Sequence[Review], Sequence[Change]]:
    """Returns every report, review and change of an action, each oldest first."""
    return (
        session.scalars(select(Report).where(Report.action_id == action_id).order_by(Report.reported_at)).all(),
        session.scalars(select(Review).where(Review.action_id == action_id).order_by(Review.reviewed_at)).all(),
        session.scalars(select(Change).where(Change.action_id == action_id).order_by(Change.changed_at)).all(),
    )
