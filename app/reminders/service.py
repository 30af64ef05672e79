"""The use cases of reminders: set, cancel, re-date, fire. Each belongs to the commit of the change it follows."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.foundation.errors import ServiceError
from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.outbox.service import record_event
from app.reminders import repository
from app.reminders.deadline import Deadline
from app.reminders.firing import Directory, reminder_of
from app.reminders.ladder import Rung, highest_first, ownerless_rung, rungs_of
from app.reminders.ladder_file import ladders
from app.reminders.models import ReminderTimer
from app.reminders.repetition import repeat_of

__all__ = [
    "Gap",
    "Watched",
    "cancel_ladder",
    "fire_due",
    "gaps_of_ladders",
    "redate_ladder",
    "set_ladder",
    "set_ladders",
]

_log = logging.getLogger(__name__)
SWEEP_IS_DEAD_AFTER = timedelta(minutes=15)
DUE_CHANGED = "due_changed"
TOLD_WHEN_ASSIGNED = "passed_when_set: the owner was told in the same commit"


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched, known by ids and posts only. `nation` says whose bank holidays count."""

    subject_type: str
    subject_id: str
    case_id: str | None
    area: str
    nation: str
    owner_agency: str | None
    owner_role: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a working ladder never shows: what is wrong, and with which subject."""

    kind: str
    subject_id: str
    since: datetime | None


def set_ladder(session: Session, watched: Watched, due: Deadline, due_version: int, now: datetime) -> None:
    """One timer per rung stands. A nudge whose hour has passed is recorded as not needed: the owner hears now anyway."""
    set_ladders(session, [(watched, due, due_version)], now)


def set_ladders(session: Session, deadlines: Iterable[tuple[Watched, Deadline, int]], now: datetime) -> None:
    """Each of them has its ladder, as `set_ladder` sets it."""
    session.flush()
    rows = [row for each in deadlines for row in _timers(*each, now, nudge_anyway=False)]
    if rows:
        repository.add_timers(session, rows)


def redate_ladder(session: Session, watched: Watched, due: Deadline, due_version: int, now: datetime) -> None:
    """The old deadline's rungs are cancelled, the new one's stand; those already past fire at once, as one."""
    cancel_ladder(session, watched.subject_id, DUE_CHANGED, now)
    session.flush()
    repository.add_timers(session, _timers(watched, due, due_version, now, nudge_anyway=True))


def cancel_ladder(session: Session, subject_id: str, reason: str, now: datetime) -> None:
    """Nothing more reminds of this subject, and what was said but not yet sent will not be sent.

    A sweep that is firing one of its timers is waited for: its reminder is withdrawn instead, and the rung that it
    set after that one is cancelled with the rest.
    """
    session.flush()
    repository.wait_for_sweep(session, subject_id)
    repository.cancel_scheduled(session, subject_id, reason, now)
    repository.withdraw_fired(session, subject_id, reason, now)


def fire_due(session: Session, now: datetime, limit: int = 500) -> int:
    """How many reminders were written. `fire_at <= now` always fires, however late.

    Several passed rungs of one subject are one event at the highest rung; the others are recorded as merged. After
    the last rung that stands comes another, until somebody looks.
    Source: DHR "Jean" 14.2.16 (actions were not reviewed and nobody knew).
    """
    if not repository.is_only_sweeper(session):
        return 0
    due = repository.timers_due(session, now, limit)
    deadlines = _by_deadline(due)
    directory, last = Directory(session), repository.last_rungs(session, deadlines)
    return sum(
        _fire(session, directory, timers, last[deadline], now) for deadline, timers in deadlines.items()
    )


def gaps_of_ladders(session: Session, now: datetime) -> list[Gap]:
    """What is wrong with the ladders themselves: rungs that should have fired, deadlines that count twice, silence."""
    late = repository.overdue_timers(session, now - SWEEP_IS_DEAD_AFTER)
    return [
        *(Gap("rung has not fired", timer.subject_id, timer.fire_at) for timer in late),
        *(Gap("two deadlines", subject, None) for subject in repository.subjects_with_two_versions(session)),
        *(Gap("ladder has ended", subject, None) for subject in repository.subjects_fallen_silent(session)),
    ]


def without_ladder(session: Session, wanted: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the (subject, version of its deadline) that nothing would remind of."""
    return set(wanted) - repository.ladders_present(session, wanted) if wanted else set()


def _timers(
    watched: Watched, due: Deadline, due_version: int, now: datetime, *, nudge_anyway: bool
) -> list[dict[str, Any]]:
    ladder = ladders().for_deadline(watched.area, due)
    calendar = working_days_of(watched.nation)
    rungs = rungs_of(ladder, due, calendar, watched.subject_id)
    if watched.owner_agency is None:
        rungs.insert(0, ownerless_rung(now))
    common = asdict(watched) | {
        "due_version": due_version,
        "due_on": due.on,
        "due_at": due.at,
        "life_safety": due.life_safety,
        "ladder_version": ladder.version,
        "calendar_version": calendar.version,
    }
    due_is_ahead = all(rung.fire_at > now for rung in rungs if not rung.before_due and rung.number)
    return [
        common | _timer(rung, now, needless=rung.before_due and due_is_ahead and not nudge_anyway)
        for rung in rungs
    ]


def _timer(rung: Rung, now: datetime, *, needless: bool) -> dict[str, Any]:
    skipped = needless and rung.fire_at <= now
    return {
        "id": new_id("tmr"),
        "rung": rung.number,
        "tells": list(rung.tells),
        "fire_at": rung.fire_at,
        "state": "cancelled" if skipped else "scheduled",
        "reason": TOLD_WHEN_ASSIGNED if skipped else None,
        "cancelled_at": now if skipped else None,
    }


def _by_deadline(due: Sequence[ReminderTimer]) -> dict[tuple[str, int], list[ReminderTimer]]:
    grouped: dict[tuple[str, int], list[ReminderTimer]] = {}
    for timer in due:
        grouped.setdefault((timer.subject_id, timer.due_version), []).append(timer)
    return grouped


def _fire(
    session: Session, directory: Directory, timers: Sequence[ReminderTimer], last: int, now: datetime
) -> bool:
    """Whether the reminder was written. One subject that cannot be told of must not silence the others.

    Its timer stays scheduled, is tried again by every sweep, and shows in `gaps_of_ladders`.
    """
    try:
        with session.begin_nested():
            _say(session, directory, timers, last, now)
    except (ServiceError, DBAPIError):
        _log.exception("a reminder could not be written")
        return False
    return True


def _say(
    session: Session, directory: Directory, timers: Sequence[ReminderTimer], last: int, now: datetime
) -> None:
    by_rung = {timer.rung: timer for timer in timers}
    highest, merged = highest_first(list(by_rung))
    speaker = by_rung[highest]
    speaker.event_id = record_event(session, reminder_of(speaker, merged, directory, now), now)
    speaker.state, speaker.fired_at = "fired", now
    speaker.late_by_seconds = int((now - speaker.fire_at).total_seconds())
    for rung in merged:
        by_rung[rung].state, by_rung[rung].merged_into = "merged", highest
    session.flush()
    if highest == last:
        repository.add_timers(session, [repeat_of(speaker, now)])
