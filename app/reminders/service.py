"""Sets, cancels and re-dates the reminders of a deadline. Each belongs to the commit of the change that it follows."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.foundation.working_days import WorkingDays, working_days_of
from app.reminders import line_repository, repository
from app.reminders.deadline import Deadline
from app.reminders.ladder import OWNER, Rung, ownerless_rung, rungs_of
from app.reminders.ladder_file import ladders
from app.reminders.opening import next_opening
from app.reminders.vocabulary import TimerState
from app.vocabulary import Nation, SubjectType

DUE_CHANGED = "due_changed"
INFORMED_WHEN_ASSIGNED = "passed_when_set: the owner was told in the same commit"


@dataclass(frozen=True, slots=True)
class ReminderSubject:
    """What reminders are about, by ids and posts only. `came_back`: it was declined, or was not accepted on review."""

    subject_type: SubjectType
    subject_id: str
    case_id: str | None
    area: str
    nation: Nation
    owner_agency: str | None
    owner_role: str
    duty: str | None = None
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class LadderTerms:
    """How the timers of one deadline are made.

    `nudge_anyway`: a rung ahead of the deadline is said although its hour has passed. `spares_owner`: only those above
    the owner are told.
    """

    nudge_anyway: bool = False
    spares_owner: bool = False


def set_ladder(session: Session, subject: ReminderSubject, due: Deadline, due_version: int, now: datetime) -> None:
    """Sets one timer for each rung of the deadline's ladder.

    A rung ahead of the deadline whose hour has passed is recorded as not needed: the event of the assignment tells the
    owner now.
    """
    set_ladders(session, [(subject, due, due_version)], now)


def set_ladder_above_owner(
    session: Session, subject: ReminderSubject, due: Deadline, due_version: int, now: datetime
) -> None:
    """Sets the timers of those rungs of the deadline's ladder that tell somebody above the owner and not the owner."""
    session.flush()
    repository.add_timers(session, _timers(subject, due, due_version, now, LadderTerms(spares_owner=True)))


def set_ladders(session: Session, deadlines: Iterable[tuple[ReminderSubject, Deadline, int]], now: datetime) -> None:
    """Sets the timers of several deadlines, as `set_ladder` does for one, in one statement."""
    session.flush()
    rows = [row for each in deadlines for row in _timers(*each, now, LadderTerms())]
    if rows:
        repository.add_timers(session, rows)


def redate_ladder(session: Session, subject: ReminderSubject, due: Deadline, due_version: int, now: datetime) -> None:
    """Cancels the old deadline's timers and sets the new one's. Rungs already past are said in the next digest."""
    cancel_ladder(session, subject.subject_id, DUE_CHANGED, now)
    session.flush()
    repository.add_timers(session, _timers(subject, due, due_version, now, LadderTerms(nudge_anyway=True)))


def cancel_ladder(session: Session, subject_id: str, reason: str, now: datetime) -> None:
    """Ends the subject's reminders: nothing further fires, and no line that still waits is said.

    A message is not sent any more once everything in it has ended.
    """
    session.flush()
    # A sweep may be firing one of the timers this moment. After it has committed, its reminder is withdrawn like the
    # others, and the timer that it set after that one is cancelled with the rest.
    repository.wait_for_sweep(session, subject_id)
    repository.cancel_scheduled(session, subject_id, reason, now)
    repository.withdraw_fired(session, subject_id, reason, now)
    line_repository.withdraw_lines(session, subject_id, reason, now)


def _timers(
    subject: ReminderSubject, due: Deadline, due_version: int, now: datetime, terms: LadderTerms
) -> list[dict[str, Any]]:
    ladder = ladders().for_deadline(subject.area, due)
    calendar = working_days_of(subject.nation)
    rungs = rungs_of(ladder, due, calendar)
    due_is_ahead = all(rung.fire_at > now for rung in rungs if not rung.before_late)
    if terms.spares_owner:
        rungs = [rung for rung in rungs if OWNER not in rung.tells]
    # Nobody would be reminded by the owner's rungs, so the co-ordinator hears of it.
    if subject.owner_agency is None:
        rungs.insert(0, ownerless_rung(now, calendar))
    common = asdict(subject) | {
        "spares_owner": terms.spares_owner,
        "due_version": due_version,
        "due_on": due.on,
        "due_at": due.at,
        "life_safety": due.life_safety,
        "ladder_version": ladder.version,
        "calendar_version": calendar.version,
    }
    needless = due_is_ahead and not terms.nudge_anyway
    return [common | _timer(rung, now, calendar, needless=rung.before_late and needless) for rung in rungs]


def _timer(rung: Rung, now: datetime, calendar: WorkingDays, *, needless: bool) -> dict[str, Any]:
    has_passed = rung.fire_at <= now
    skipped = needless and has_passed
    # What is set late is said at nine like the rest, and not at the odd hour at which somebody set it.
    late = has_passed and not skipped and not rung.danger
    return {
        "id": new_id("tmr"),
        "rung": rung.number,
        "tells": list(rung.tells),
        "danger": rung.danger,
        "fire_at": next_opening(now, calendar) if late else rung.fire_at,
        "state": TimerState.CANCELLED if skipped else TimerState.SCHEDULED,
        "reason": INFORMED_WHEN_ASSIGNED if skipped else None,
        "cancelled_at": now if skipped else None,
    }
