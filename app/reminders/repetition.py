"""The timer after the last rung of a ladder. It is set in the commit in which the reminder before it fired."""

from datetime import datetime
from typing import Any

from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.reminders.deadline import Deadline
from app.reminders.ladder import OWNER, repeated_rung
from app.reminders.ladder_file import ladders
from app.reminders.models import ReminderTimer
from app.reminders.vocabulary import TimerState

SAME_AS_BEFORE = (
    "subject_type",
    "subject_id",
    "case_id",
    "area",
    "nation",
    "owner_agency",
    "owner_role",
    "duty",
    "came_back",
    "spares_owner",
    "due_version",
    "due_on",
    "due_at",
    "life_safety",
)


def repeat_timer(fired: ReminderTimer, now: datetime) -> dict[str, Any]:
    """Returns the row of the timer after `fired`, the highest of its deadline, by the ladder of its area today."""
    due = Deadline(fired.due_on, fired.due_at, fired.life_safety)
    ladder, calendar = ladders().for_deadline(fired.area, due), working_days_of(fired.nation)
    rung = repeated_rung(ladder, fired.rung, now, calendar, fired.case_id or fired.subject_id)
    tells = [word for word in rung.tells if word != OWNER or not fired.spares_owner]
    return {name: getattr(fired, name) for name in SAME_AS_BEFORE} | {
        "id": new_id("tmr"),
        "rung": rung.number,
        "tells": tells,
        "danger": rung.danger,
        "fire_at": rung.fire_at,
        "ladder_version": ladder.version,
        "calendar_version": calendar.version,
        "state": TimerState.SCHEDULED,
    }
