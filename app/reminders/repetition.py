"""The timer after the last rung of a ladder. It is set in the commit in which the reminder before it fired."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.reminders import repository
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


def repeat_timers(session: Session, fired: Sequence[ReminderTimer], now: datetime) -> list[dict[str, Any]]:
    """Returns the row of the timer after each of these, the highest of its deadline, by its area's ladder today."""
    opened = repository.opening_days(session, {one.case_id for one in fired if one.case_id is not None})
    return [_repeat_timer(one, now, opened) for one in fired]


def _repeat_timer(fired: ReminderTimer, now: datetime, opened: Mapping[str, str]) -> dict[str, Any]:
    due = Deadline(fired.due_on, fired.due_at, fired.life_safety)
    ladder, calendar = ladders().for_deadline(fired.area, due), working_days_of(fired.nation)
    about = fired.case_id or fired.subject_id
    # By the day on which the case was opened: the same case played again is reminded of on the same days.
    # After an outage what repeats pauses, but the top of the ladder hears at once, as everybody below it does.
    since = fired.fire_at if ladder.is_below_top(fired.rung) else now
    rung = repeated_rung(ladder, fired.rung, since, calendar, opened.get(about, about))
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
