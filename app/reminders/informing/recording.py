"""Stores a message to a post: its event, who was told, and the lines that it carries. All or nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.clock import london_date
from app.foundation.errors import ServiceError
from app.outbox.service import EventDraft, record_event
from app.reminders import line_repository
from app.reminders.informing.posts import InformedPost
from app.reminders.line_repository import WaitingLine
from app.reminders.models import ReminderMessage
from app.reminders.vocabulary import MessageKind


def record_digest(
    session: Session, post: InformedPost, draft: EventDraft, lines: Sequence[WaitingLine], now: datetime
) -> None:
    """Stores the digest of today. Raises `ServiceError` when its event was stored before."""
    day = london_date(now)
    message = ReminderMessage(
        kind=MessageKind.DIGEST, area=post.area, role=post.role, agency=post.agency, day=day, said_at=now
    )
    _record(session, message, draft, lines)


def record_call(
    session: Session, post: InformedPost, draft: EventDraft, lines: Sequence[WaitingLine], now: datetime
) -> None:
    """Stores the danger call about one case."""
    message = ReminderMessage(
        kind=MessageKind.DANGER,
        area=post.area,
        role=post.role,
        agency=post.agency,
        about=lines[0].about,
        said_at=now,
    )
    _record(session, message, draft, lines)


def _record(session: Session, message: ReminderMessage, draft: EventDraft, lines: Sequence[WaitingLine]) -> None:
    event_id = record_event(session, draft, message.said_at)
    if event_id is None:
        raise ServiceError(f"an event with the key {draft.dedupe_key} was stored before, and no message with it")
    message.event_id = event_id
    session.add(message)
    session.flush()
    line_repository.mark_said(session, lines, event_id)
