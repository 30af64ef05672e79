"""Which posts were told of one thing, as the messages of the database say it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.reminders.sweep import fire_due_reminders

_TOLD = text("""
    SELECT m.kind, m.role, m.agency, t.rung FROM reminder_message m
    JOIN reminder_line l ON l.message_id = m.id
    JOIN reminder_timer t ON t.id = l.timer_id
    WHERE t.subject_id = :subject ORDER BY t.rung, m.role
""")


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A post that was told of one subject, by a digest or a danger call, at a rung."""

    kind: str
    role: str
    agency: str | None
    rung: int


def sweep(sessions: sessionmaker[Session], now: datetime) -> None:
    """Fires and says everything that is due."""
    swept = 1
    while swept:
        with sessions.begin() as session:
            scope_to_system(session)
            swept = fire_due_reminders(session, now)


def told_of(sessions: sessionmaker[Session], subject: str) -> list[ToldOf]:
    """Every post that was told of the subject, by rung."""
    with sessions.begin() as session:
        scope_to_system(session)
        return [ToldOf(*row) for row in session.execute(_TOLD, {"subject": subject})]


def messages_said(sessions: sessionmaker[Session]) -> list[str]:
    """The id of every event that told posts of something that came due: digests and danger calls."""
    with sessions.begin() as session:
        scope_to_system(session)
        return list(session.scalars(text("SELECT DISTINCT event_id FROM reminder_message")))
