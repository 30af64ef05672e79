"""Helpers for reminder tests: set ladders, sweep, and read what was said to which post."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import text

from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladder
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import Nation, SubjectType
from tests.webhooks.builders import AREA, DeliverySetup

ACTION = "act_" + "1" * 32
CASE = "cas_" + "2" * 32
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in (10, 11, 12, 13))
# What was said to whom, by which message, and on which day.
_SAID = text("""
    SELECT m.id, m.kind, m.role, m.agency, m.said_at, t.subject_id, t.rung
    FROM reminder_message m
    JOIN event n ON n.id = m.event_id
    JOIN reminder_line l ON l.message_id = m.id
    JOIN reminder_timer t ON t.id = l.timer_id
    ORDER BY n.number, m.role, t.subject_id, t.rung
""")


@dataclass(frozen=True, slots=True)
class Said:
    """One message, as a reader of the database sees it."""

    kind: str
    role: str
    agency: str | None
    on: date
    rungs: tuple[int, ...]


def an_action(subject: str = ACTION, **changes: Any) -> ReminderSubject:
    given = {
        "subject_type": SubjectType.ACTION,
        "subject_id": subject,
        "case_id": CASE,
        "area": AREA,
        "nation": Nation.ENGLAND,
        "owner_agency": "HOUSING",
        "owner_role": "HOUSING",
        "duty": "D26",
    }
    return ReminderSubject(**given | changes)


def actions(number: int, **changes: Any) -> list[ReminderSubject]:
    return [an_action(f"act_{n:032x}", **changes) for n in range(1, number + 1)]


def due_on(day: date, *, life_safety: bool = False) -> Deadline:
    return Deadline(day, None, life_safety)


def set_for(setup: DeliverySetup, subject: ReminderSubject, due: Deadline, version: int = 1) -> None:
    setup.in_system(lambda session: set_ladder(session, subject, due, version, setup.now()))


def sweep_at(setup: DeliverySetup, at: datetime) -> list[dict[str, Any]]:
    """Sweeps until nothing is due, and returns the bodies of what was said, in order: of digests one for each post."""
    setup.clock.set(at)
    before = {row["id"] for row in setup.rows("event")}
    while setup.in_system(lambda session: fire_due_reminders(session, at)):
        pass
    bodies = [json.loads(row["body"]) for row in setup.rows("event", "number") if row["id"] not in before]
    return [told for body in bodies for told in by_post(body)]


def by_post(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The body once for each post whose digest it carries, as if it carried that alone."""
    data = body["data"]
    return [body | {"data": data | digest} for digest in data.get("digests", [{}])]


def said(setup: DeliverySetup) -> list[Said]:
    """Every message in order, with the rungs that it carries."""
    messages: dict[str, list[Any]] = {}
    for row in setup.in_system(lambda session: session.execute(_SAID).all()):
        messages.setdefault(row.id, []).append(row)
    return [
        Said(rows[0].kind, rows[0].role, rows[0].agency, rows[0].said_at.date(), tuple(row.rung for row in rows))
        for rows in messages.values()
    ]


def told(setup: DeliverySetup) -> list[tuple[str, str | None, date]]:
    """The kind, the agency and the day of every message, in order."""
    return [(one.kind, one.agency, one.on) for one in said(setup)]


def states(setup: DeliverySetup) -> dict[tuple[int, int], str]:
    return {(row["due_version"], row["rung"]): row["state"] for row in setup.rows("reminder_timer")}


def nine(day: date, hour: int = 9) -> datetime:
    """An hour of a day in winter, when London has UTC."""
    return datetime.combine(day, time(hour), UTC)


def as_owner(setup: DeliverySetup, statement: str) -> None:
    """Executes what the service's own role may not: an administrator removes from the directory."""
    with setup.owner.begin() as connection:
        connection.execute(text(statement))
