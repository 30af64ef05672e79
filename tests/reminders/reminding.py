"""Actions with ladders: setting, sweeping, and what became of each rung."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text

from app.reminders.deadline import Deadline
from app.reminders.service import Watched, fire_due, set_ladder
from tests.webhooks.given import AREA, Deliveries

ACTION = "act_" + "1" * 32
WEDNESDAY = date(2026, 3, 11)


def an_action(subject: str = ACTION, **changes: Any) -> Watched:
    given = {
        "subject_type": "action",
        "subject_id": subject,
        "case_id": "cas_" + "2" * 32,
        "area": AREA,
        "nation": "ENG",
        "owner_agency": "HOUSING",
        "owner_role": "HOUSING",
    }
    return Watched(**given | changes)


def due_on(day: date, *, life_safety: bool = False) -> Deadline:
    return Deadline(day, None, life_safety)


def set_for(house: Deliveries, watched: Watched, due: Deadline, version: int = 1) -> None:
    house.in_system(lambda session: set_ladder(session, watched, due, version, house.now()))


def fire_at(house: Deliveries, at: datetime) -> int:
    house.clock.set(at)
    return int(house.in_system(lambda session: fire_due(session, at)))


def reminders(house: Deliveries) -> list[tuple[str, list[str]]]:
    """The dedupe key and the agencies told of every reminder, in order."""
    return [(row["dedupe_key"], row["agencies"]) for row in house.rows("event", "number")]


def states(house: Deliveries) -> dict[tuple[int, int], str]:
    return {(row["due_version"], row["rung"]): row["state"] for row in house.rows("reminder_timer")}


def nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


def as_owner(house: Deliveries, statement: str) -> None:
    """For what the service itself may not do: the directory's removals are an administrator's."""
    with house.owner.begin() as connection:
        connection.execute(text(statement))
