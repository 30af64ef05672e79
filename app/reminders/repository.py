"""Every query of the reminders room."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, Text, and_, exists, func, literal, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.foundation.clock import london_date
from app.foundation.storage.locks import take_turn_if_free
from app.reminders.models import ReminderTimer
from app.reminders.vocabulary import TimerState
from app.vocabulary import Role

FIRED_AND_STANDING = (ReminderTimer.state == TimerState.FIRED, ReminderTimer.withdrawn_at.is_(None))
_COVERING = text("SELECT agency, role FROM covering_post(:area, :agency, :role, :day)")
_OPENED = text("SELECT id, opened_at FROM case_file WHERE id = ANY (:ids)")


def add_timers(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Stores the timers; a rung that has a timer already keeps it."""
    session.execute(
        insert(ReminderTimer).on_conflict_do_nothing(index_elements=["subject_id", "due_version", "rung"]),
        rows,
        # Without it rows with a date and rows with an instant would become two statements: None would be left out.
        execution_options={"render_nulls": True},
    )


def wait_for_sweep(session: Session, subject_id: str) -> None:
    """Waits until a sweep that fires one of the subject's timers has committed: the next statement sees what it set."""
    going_on = or_(ReminderTimer.state == TimerState.SCHEDULED, and_(*FIRED_AND_STANDING))
    held = select(ReminderTimer.id).where(ReminderTimer.subject_id == subject_id, going_on)
    session.execute(held.order_by(ReminderTimer.id).with_for_update()).all()


def going_on(session: Session, subject_id: str) -> Sequence[ReminderTimer]:
    """Returns the subject's timers that have not fired, and those that have and that nobody has dealt with."""
    which = or_(ReminderTimer.state == TimerState.SCHEDULED, and_(*FIRED_AND_STANDING))
    return session.scalars(select(ReminderTimer).where(ReminderTimer.subject_id == subject_id, which)).all()


def cancel_scheduled(session: Session, subject_id: str, reason: str, now: datetime) -> None:
    """Cancels the timers that have not fired."""
    session.execute(
        update(ReminderTimer)
        .where(ReminderTimer.subject_id == subject_id, ReminderTimer.state == TimerState.SCHEDULED)
        .values(state=TimerState.CANCELLED, reason=reason, cancelled_at=now)
    )


def withdraw_fired(session: Session, subject_id: str, reason: str, now: datetime) -> None:
    """Withdraws the rungs that have fired."""
    session.execute(
        update(ReminderTimer)
        .where(
            ReminderTimer.subject_id == subject_id,
            *FIRED_AND_STANDING,
        )
        .values(reason=reason, withdrawn_at=now)
    )


def is_only_sweeper(session: Session) -> bool:
    """Returns whether this transaction alone may fire and tell.

    Two sweeps at once could write two messages that belong in one.
    """
    return take_turn_if_free(session, "reminder sweep")


def timers_due(session: Session, now: datetime, subjects: int) -> Sequence[ReminderTimer]:
    """Returns every passed timer of up to `subjects` subjects, locked: life-safety first, then the highest rungs.

    SKIP LOCKED: a review that holds a timer this moment cancels it; the next sweep sees what it did.
    """
    passed = (ReminderTimer.state == TimerState.SCHEDULED, ReminderTimer.fire_at <= now)
    # Chosen in a query of its own, because PostgreSQL locks no rows of a query that groups.
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


def cases_without_marac(session: Session, case_ids: Collection[str]) -> set[str]:
    """Returns those of the cases about which MARAC was never asked. The function is the ownership room's."""
    given = func.unnest(literal(list(case_ids), ARRAY(Text))).column_valued("case_id")
    return set(session.scalars(select(given).where(~func.case_is_with_marac(given))).all())


def covering_post(session: Session, area: str, agency: str, role: str, day: date) -> tuple[str, Role] | None:
    """Returns the agency and role that cover a post that is away on that London date. The function is the actions'."""
    row = session.execute(_COVERING, {"area": area, "agency": agency, "role": role, "day": day}).one_or_none()
    return (row.agency, Role(row.role)) if row else None


def last_rungs(session: Session, deadlines: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Returns the highest rung that has a timer for each (subject, version of its deadline), whatever its state."""
    found = session.execute(
        select(ReminderTimer.subject_id, ReminderTimer.due_version, func.max(ReminderTimer.rung))
        .where(tuple_(ReminderTimer.subject_id, ReminderTimer.due_version).in_(deadlines))
        .group_by(ReminderTimer.subject_id, ReminderTimer.due_version)
    )
    return {(subject_id, version): rung for subject_id, version, rung in found}


def overdue_timers(session: Session, before: datetime) -> Sequence[ReminderTimer]:
    """Returns timers that should have fired before `before` and have not, because the sweep is not running."""
    return session.scalars(
        select(ReminderTimer)
        .where(ReminderTimer.state == TimerState.SCHEDULED, ReminderTimer.fire_at < before)
        .order_by(ReminderTimer.fire_at)
        .limit(1000)
    ).all()


def subjects_with_two_versions(session: Session) -> Sequence[str]:
    """Returns subjects with scheduled timers of two versions of their deadline."""
    return session.scalars(
        select(ReminderTimer.subject_id)
        .where(ReminderTimer.state == TimerState.SCHEDULED)
        .group_by(ReminderTimer.subject_id)
        .having(func.count(ReminderTimer.due_version.distinct()) > 1)
    ).all()


def subjects_without_next_timer(session: Session) -> Sequence[str]:
    """Returns subjects with a reminder that nobody has dealt with and without a timer that would remind again."""
    after = aliased(ReminderTimer)
    waits = exists().where(after.subject_id == ReminderTimer.subject_id, after.state == TimerState.SCHEDULED)
    return session.scalars(
        select(ReminderTimer.subject_id).where(*FIRED_AND_STANDING, ~waits).distinct().limit(1000)
    ).all()


def standing_reminders(session: Session, subjects: Collection[str]) -> Sequence[ReminderTimer]:
    """Returns the fired timers of these subjects that were not withdrawn, locked.

    Those that a review holds are left out.
    """
    return session.scalars(
        select(ReminderTimer)
        .where(ReminderTimer.subject_id.in_(subjects), *FIRED_AND_STANDING)
        .order_by(ReminderTimer.id)
        .with_for_update(skip_locked=True)
    ).all()


def deadlines_with_timers(session: Session, wanted: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Returns those of the (subject, version of its deadline) that have at least one timer."""
    found = session.execute(
        select(ReminderTimer.subject_id, ReminderTimer.due_version)
        .where(tuple_(ReminderTimer.subject_id, ReminderTimer.due_version).in_(wanted))
        .distinct()
    )
    return {(subject_id, version) for subject_id, version in found}


def opening_days(session: Session, case_ids: Collection[str]) -> dict[str, str]:
    """Returns the London day on which each of these cases was opened, as text."""
    # The cases belong to a room above this one.
    rows = session.execute(_OPENED, {"ids": list(case_ids)})
    return {case_id: london_date(opened_at).isoformat() for case_id, opened_at in rows}
