"""A ladder goes on above its last step: the next rung is set in the commit in which the one before it was said."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.reminders import repository
from app.reminders.deadline import Deadline
from app.reminders.ladder import repeated_rung
from app.reminders.ladder_file import ladders
from app.reminders.models import ReminderTimer

KEPT = (
    "subject_type",
    "subject_id",
    "case_id",
    "area",
    "nation",
    "owner_agency",
    "owner_role",
    "due_version",
    "due_on",
    "due_at",
    "life_safety",
)


def repeat_of(said: ReminderTimer, now: datetime) -> dict[str, Any]:
    """The timer after the highest one of its deadline, by the ladder that its area climbs today."""
    due = Deadline(said.due_on, said.due_at, said.life_safety)
    ladder, calendar = ladders().for_deadline(said.area, due), working_days_of(said.nation)
    rung = repeated_rung(ladder, said.rung, now, calendar, said.subject_id)
    return {name: getattr(said, name) for name in KEPT} | {
        "id": new_id("tmr"),
        "rung": rung.number,
        "tells": list(rung.tells),
        "fire_at": rung.fire_at,
        "ladder_version": ladder.version,
        "calendar_version": calendar.version,
        "state": "scheduled",
    }


def resume_ended(session: Session, now: datetime) -> int:
    """How many ladders had ended with nobody having looked, and go on. Any is a fault of ours, or of an older version."""
    said = repository.said_and_counting(session, repository.subjects_fallen_silent(session))
    ended = {timer.subject_id: timer for timer in sorted(said, key=lambda one: (one.due_version, one.rung))}
    if ended:
        repository.add_timers(session, [repeat_of(timer, now) for timer in ended.values()])
    return len(ended)
