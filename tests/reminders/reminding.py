"""Helpers for reminder tests: set ladders, sweep, and read what became of each rung."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text

from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladder
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import Nation, SubjectType
from tests.webhooks.builders import AREA, DeliverySetup

ACTION = "act_" + "1" * 32
WEDNESDAY = date(2026, 3, 11)


def an_action(subject: str = ACTION, **changes: Any) -> ReminderSubject:
    given = {
        "subject_type": SubjectType.ACTION,
        "subject_id": subject,
        "case_id": "cas_" + "2" * 32,
        "area": AREA,
        "nation": Nation.ENGLAND,
        "owner_agency": "HOUSING",
        "owner_role": "HOUSING",
    }
    return ReminderSubject(**given | changes)


def due_on(day: date, *, life_safety: bool = False) -> Deadline:
    return Deadline(day, None, life_safety)


def set_for(setup: DeliverySetup, subject: ReminderSubject, due: Deadline, version: int = 1) -> None:
    setup.in_system(lambda session: set_ladder(session, subject, due, version, setup.now()))


def fire_at(setup: DeliverySetup, at: datetime) -> int:
    setup.clock.set(at)
    return int(setup.in_system(lambda session: fire_due_reminders(session, at)))


def reminders(setup: DeliverySetup) -> list[tuple[str, list[str]]]:
    """The dedupe key and the agencies told of every reminder, in order."""
    return [(row["dedupe_key"], row["agencies"]) for row in setup.rows("event", "number")]


def states(setup: DeliverySetup) -> dict[tuple[int, int], str]:
    return {(row["due_version"], row["rung"]): row["state"] for row in setup.rows("reminder_timer")}


def nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


def as_owner(setup: DeliverySetup, statement: str) -> None:
    """Executes what the service's own role may not: an administrator removes from the directory."""
    with setup.owner.begin() as connection:
        connection.execute(text(statement))
