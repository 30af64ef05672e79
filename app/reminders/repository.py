"""Every query of the reminders room."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.foundation.storage.locks import take_turn_if_free
from app.reminders.models import ReminderTimer

SAID_AND_COUNTS = (ReminderTimer.state == "fired", ReminderTimer.withdrawn_at.is_(None))


def add_timers(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """The timers stand; a rung that stands already is left as it is."""
    session.execute(
        insert(ReminderTimer).on_conflict_do_nothing(index_elements=["subject_id", "due_version", "rung"]),
        rows,
        # one statement for all, whichever way each states its deadline
        execution_options={"render_nulls": True},
    )


def wait_for_sweep(session: Session, subject_id: str) -> None:
    """Whoever sets a further timer of this subject has committed, so that the next statement sees what was set."""
    going_on = or_(ReminderTimer.state == "scheduled", and_(*SAID_AND_COUNTS))
    held = select(ReminderTimer.id).where(ReminderTimer.subject_id == subject_id, going_on)
    session.execute(held.order_by(ReminderTimer.id).with_for_update()).all()


def cancel_scheduled(session: Session, subject_id: str, reason: str, now: datetime) -> None:
    session.execute(
        update(ReminderTimer)
        .where(ReminderTimer.subject_id == subject_id, ReminderTimer.state == "scheduled")
        .values(state="cancelled", reason=reason, cancelled_at=now)
    )


def withdraw_fired(session: Session, subject_id: str, reason: str, now: datetime) -> None:
    """A trigger on this update cancels what is still unsent of these reminders."""
    session.execute(
        update(ReminderTimer)
        .where(
            ReminderTimer.subject_id == subject_id,
            *SAID_AND_COUNTS,
        )
        .values(reason=reason, withdrawn_at=now)
    )


def is_only_sweeper(session: Session) -> bool:
    """Whether this transaction alone may fire: two sweepers at once could split what should be merged."""
    return take_turn_if_free(session, "reminder sweep")


def timers_due(session: Session, now: datetime, subjects: int) -> Sequence[ReminderTimer]:
    """Every passed timer of up to `subjects` subjects, locked, the most dangerous and the most escalated first.

    Timers that a review holds locked this moment are left for the next sweep.
    """
    passed = (ReminderTimer.state == "scheduled", ReminderTimer.fire_at <= now)
    chosen = (
        select(ReminderTimer.subject_id)
        .where(*passed)
        .group_by(ReminderTimer.subject_id)
        .order_by(
            func.bool_or(ReminderTimer.life_safety).desc(),
            func.max(ReminderTimer.rung).desc(),
            func.min(ReminderTimer.fire_at),
        )
        .limit(subjects)
    )
    return session.scalars(
        select(ReminderTimer)
        .where(*passed, ReminderTimer.subject_id.in_(chosen))
        .order_by(
            ReminderTimer.life_safety.desc(),
            ReminderTimer.rung.desc(),
            ReminderTimer.fire_at,
            ReminderTimer.id,
        )
        .with_for_update(skip_locked=True)
    ).all()


def last_rungs(session: Session, deadlines: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """The highest rung that stands for each (subject, version of its deadline), whatever became of it."""
    found = session.execute(
        select(ReminderTimer.subject_id, ReminderTimer.due_version, func.max(ReminderTimer.rung))
        .where(tuple_(ReminderTimer.subject_id, ReminderTimer.due_version).in_(deadlines))
        .group_by(ReminderTimer.subject_id, ReminderTimer.due_version)
    )
    return {(subject_id, version): rung for subject_id, version, rung in found}


def timers_of(session: Session, subject_id: str) -> Sequence[ReminderTimer]:
    """Every timer a subject ever had, oldest version first."""
    return session.scalars(
        select(ReminderTimer)
        .where(ReminderTimer.subject_id == subject_id)
        .order_by(ReminderTimer.due_version, ReminderTimer.rung)
    ).all()


def overdue_timers(session: Session, before: datetime) -> Sequence[ReminderTimer]:
    """Timers that should have fired before `before` and have not: the sweep is not running."""
    return session.scalars(
        select(ReminderTimer)
        .where(ReminderTimer.state == "scheduled", ReminderTimer.fire_at < before)
        .order_by(ReminderTimer.fire_at)
        .limit(1000)
    ).all()


def subjects_with_two_versions(session: Session) -> Sequence[str]:
    """Subjects that two versions of a deadline would remind of."""
    return session.scalars(
        select(ReminderTimer.subject_id)
        .where(ReminderTimer.state == "scheduled")
        .group_by(ReminderTimer.subject_id)
        .having(func.count(ReminderTimer.due_version.distinct()) > 1)
    ).all()


def subjects_fallen_silent(session: Session) -> Sequence[str]:
    """Subjects that were reminded of, that nobody has dealt with, and that nothing will remind of again."""
    after = aliased(ReminderTimer)
    waits = exists().where(after.subject_id == ReminderTimer.subject_id, after.state == "scheduled")
    return session.scalars(
        select(ReminderTimer.subject_id).where(*SAID_AND_COUNTS, ~waits).distinct().limit(1000)
    ).all()


def said_and_counting(session: Session, subjects: Collection[str]) -> Sequence[ReminderTimer]:
    """The timers of these subjects that spoke and were not withdrawn, locked; those a review holds are left out."""
    return session.scalars(
        select(ReminderTimer)
        .where(ReminderTimer.subject_id.in_(subjects), *SAID_AND_COUNTS)
        .order_by(ReminderTimer.id)
        .with_for_update(skip_locked=True)
    ).all()


def ladders_present(session: Session, wanted: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the (subject, version of its deadline) that have timers."""
    found = session.execute(
        select(ReminderTimer.subject_id, ReminderTimer.due_version)
        .where(tuple_(ReminderTimer.subject_id, ReminderTimer.due_version).in_(wanted))
        .distinct()
    )
    return {(subject_id, version) for subject_id, version in found}
