"""Fires the reminders that are due. Any number of workers may ask; one of them fires at a time."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.foundation.errors import ServiceError
from app.outbox.service import record_event
from app.reminders import repository
from app.reminders.ladder import highest_first
from app.reminders.models import ReminderTimer
from app.reminders.reminder_events import PostDirectory, reminder_event
from app.reminders.repetition import repeat_timer
from app.reminders.vocabulary import TimerState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """The passed timers of one deadline, and the number of its highest rung that has a timer."""

    timers: Sequence[ReminderTimer]
    last_rung: int


def fire_due_reminders(session: Session, now: datetime, limit: int = 500) -> int:
    """Fires the due timers of up to `limit` subjects and returns how many reminders were written.

    `fire_at <= now` always fires, however late. Several passed rungs of one deadline are one event at the highest
    rung; the others are recorded as merged. The last rung sets the next one, until somebody looks.
    Source: DHR "Jean" 14.2.16 (actions were not reviewed and nobody knew).
    """
    # The others do not wait: they ask again at the next round, in a second.
    if not repository.is_only_sweeper(session):
        return 0
    grouped = _by_deadline(repository.timers_due(session, now, limit))
    directory, last = PostDirectory(session), repository.last_rungs(session, grouped)
    return sum(
        _fire_or_log(session, directory, DueDeadline(timers, last[deadline]), now)
        for deadline, timers in grouped.items()
    )


def _by_deadline(due: Sequence[ReminderTimer]) -> dict[tuple[str, int], list[ReminderTimer]]:
    grouped: dict[tuple[str, int], list[ReminderTimer]] = {}
    for timer in due:
        grouped.setdefault((timer.subject_id, timer.due_version), []).append(timer)
    return grouped


def _fire_or_log(session: Session, directory: PostDirectory, due: DueDeadline, now: datetime) -> bool:
    """Writes the reminder and returns whether it could. One reminder that cannot be written must not stop the others.

    Its timer stays scheduled, every sweep tries it again, and `ladder_gaps` shows it.
    """
    try:
        # A savepoint: after an error PostgreSQL refuses every further statement of the transaction without one.
        with session.begin_nested():
            _fire(session, directory, due, now)
    except (ServiceError, DBAPIError):
        _log.exception("a reminder could not be written")
        return False
    return True


def _fire(session: Session, directory: PostDirectory, due: DueDeadline, now: datetime) -> None:
    by_rung = {timer.rung: timer for timer in due.timers}
    highest, merged = highest_first(list(by_rung))
    timer = by_rung[highest]
    timer.event_id = record_event(session, reminder_event(timer, merged, directory, now), now)
    timer.state, timer.fired_at = TimerState.FIRED, now
    timer.late_by_seconds = int((now - timer.fire_at).total_seconds())
    for rung in merged:
        by_rung[rung].state, by_rung[rung].merged_into = TimerState.MERGED, highest
    session.flush()
    # Where a higher rung still waits, the ladder goes on by itself.
    if highest == due.last_rung:
        repository.add_timers(session, [repeat_timer(timer, now)])
