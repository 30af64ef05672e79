"""Fires the rungs that are due and tells the posts. Any number of workers may ask; one of them works at a time."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.foundation.clock import london_date
from app.foundation.errors import ServiceError
from app.foundation.working_days import working_days_of
from app.reminders import line_repository, repository
from app.reminders.informing.danger_calls import make_danger_calls
from app.reminders.informing.digests import say_digests
from app.reminders.informing.posts import PostDirectory, intended_post
from app.reminders.models import ReminderTimer
from app.reminders.opening import next_opening
from app.reminders.repetition import repeat_timers
from app.reminders.vocabulary import TimerState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """The passed timers of one deadline, and the number of its highest rung that has a timer."""

    timers: Sequence[ReminderTimer]
    last_rung: int

    @property
    def highest(self) -> ReminderTimer:
        """Returns the timer of the highest rung that has passed."""
        return max(self.timers, key=lambda timer: timer.rung)


def fire_due_reminders(session: Session, now: datetime, limit: int = 500) -> int:
    """Fires the due timers of up to `limit` subjects, tells the posts, and returns how many rungs and messages it were.

    `fire_at <= now` always fires, however late. A digest waits until every rung that is due has fired, so that it
    holds them all; a danger call does not. The last rung sets the next one, until somebody looks.
    Source: DHR "Jean" 14.2.16 (actions were not reviewed and nobody knew).
    """
    # The others do not wait: they ask again at the next round, in a second.
    if not repository.is_only_sweeper(session):
        return 0
    fired, more_may_be_due = _fire_due(session, now, limit)
    if fired and not more_may_be_due:
        # After an outage the top of a ladder, which its last step sets, is due with it.
        fired += _fire_due(session, now, limit)[0]
    directory = PostDirectory(session, london_date(now))
    called = make_danger_calls(session, directory, now)
    return fired + called + (0 if more_may_be_due else say_digests(session, directory, now))


def _fire_due(session: Session, now: datetime, limit: int) -> tuple[int, bool]:
    """Fires the due timers of up to `limit` subjects. Returns how many, and whether more may be due."""
    grouped = _by_deadline(repository.timers_due(session, now, limit))
    fired = _fire_all(session, grouped, now)
    return fired, bool(fired) and len({subject for subject, _ in grouped}) >= limit


def _by_deadline(due: Sequence[ReminderTimer]) -> dict[tuple[str, int], list[ReminderTimer]]:
    grouped: dict[tuple[str, int], list[ReminderTimer]] = {}
    for timer in due:
        grouped.setdefault((timer.subject_id, timer.due_version), []).append(timer)
    return grouped


def _fire_all(session: Session, grouped: dict[tuple[str, int], list[ReminderTimer]], now: datetime) -> int:
    """Fires these timers, and returns how many could be fired."""
    if not grouped:
        return 0
    last = repository.last_rungs(session, grouped)
    cases = {timer.case_id for timers in grouped.values() for timer in timers if timer.case_id}
    without_marac = repository.cases_without_marac(session, cases)
    due = [DueDeadline(timers, last[deadline]) for deadline, timers in grouped.items()]
    # Together first, which is many times faster; by themselves only if one of them cannot be fired.
    fired = _fire_or_log(session, due, without_marac, now)
    return fired or sum(_fire_or_log(session, [each], without_marac, now) for each in due)


def _fire_or_log(session: Session, due: Sequence[DueDeadline], without_marac: Collection[str], now: datetime) -> int:
    """Fires the timers and returns how many, or 0 when it cannot.

    One that cannot be fired must not stop the others: it stays scheduled, every sweep tries it again, and
    `ladder_gaps` shows it.
    """
    try:
        # A savepoint: after an error PostgreSQL refuses every further statement of the transaction without one.
        with session.begin_nested():
            _fire(session, due, without_marac, now)
    except (ServiceError, DBAPIError):
        _log.exception("rungs could not be fired")
        return 0
    return sum(len(each.timers) for each in due)


def _fire(session: Session, due: Sequence[DueDeadline], without_marac: Collection[str], now: datetime) -> None:
    timers = [timer for each in due for timer in each.timers]
    for timer in timers:
        timer.state, timer.fired_at = TimerState.FIRED, now
        timer.late_by_seconds = int((now - timer.fire_at).total_seconds())
    session.flush()
    line_repository.add_lines(session, [_line(timer, word, without_marac) for timer in timers for word in timer.tells])
    # Where a higher rung still waits, the ladder goes on by itself.
    ended = [highest for each in due if (highest := each.highest).rung == each.last_rung]
    if ended:
        repository.add_timers(session, repeat_timers(session, ended, now))


def _line(timer: ReminderTimer, word: str, without_marac: Collection[str]) -> dict[str, Any]:
    role, agency = intended_post(timer, word, without_marac)
    opening = next_opening(timer.fire_at, working_days_of(timer.nation))
    return {
        "timer_id": timer.id,
        "tells": word,
        "area": timer.area,
        "nation": timer.nation,
        "role": role,
        "agency": agency,
        "about": timer.case_id or timer.subject_id,
        "danger": timer.danger,
        "say_from": timer.fire_at if timer.danger else opening,
    }
