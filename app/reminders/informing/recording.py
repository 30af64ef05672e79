"""Stores what posts are told: the event, who was told, and the lines that it carries. All or nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.clock import london_date
from app.foundation.errors import ServiceError
from app.foundation.identifiers import new_id
from app.outbox.service import EventDraft, record_event
from app.reminders import line_repository
from app.reminders.informing.messages import DigestMessage
from app.reminders.informing.posts import InformedPost
from app.reminders.line_repository import WaitingLine
from app.reminders.models import ReminderMessage
from app.reminders.vocabulary import MessageKind


def record_digests(session: Session, message: DigestMessage, now: datetime) -> None:
    """Stores the digests of today that one event carries. Raises `ServiceError` when it was stored before."""
    event_id, day = _stored(session, message.draft, now), london_date(now)
    for digest in message.digests:
        post = digest.post
        message_row = ReminderMessage(
            kind=MessageKind.DIGEST, area=post.area, role=post.role, agency=post.agency, day=day, said_at=now
        )
        _record(session, message_row, event_id, digest.lines)


def record_call(
    session: Session, post: InformedPost, draft: EventDraft, lines: Sequence[WaitingLine], now: datetime
) -> None:
    """Stores the danger call about one case, or about several of the area."""
    about = {line.about for line in lines}
    message_row = ReminderMessage(
        kind=MessageKind.DANGER,
        area=post.area,
        role=post.role,
        agency=post.agency,
        about=about.pop() if len(about) == 1 else post.area,
        said_at=now,
    )
    _record(session, message_row, _stored(session, draft, now), lines)


def _stored(session: Session, draft: EventDraft, now: datetime) -> str:
    event_id = record_event(session, draft, now)
    if event_id is None:
        raise ServiceError(f"an event with the key {draft.dedupe_key} was stored before, and no message with it")
    return event_id


def _record(session: Session, message: ReminderMessage, event_id: str, lines: Sequence[WaitingLine]) -> None:
    message.id, message.event_id = new_id("rem"), event_id
    session.add(message)
    session.flush()
    line_repository.mark_said(session, lines, message.id)
