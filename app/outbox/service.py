"""Records events, each as a row in the same commit as the change it tells of. Nothing else writes events."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.foundation.clock import instant_text
from app.foundation.errors import ServiceError
from app.foundation.identifiers import new_id
from app.outbox.models import Event
from app.vocabulary import EventType, SubjectType

MOST_BYTES = 2048
NORMAL, URGENT = 5, 1


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event before it has an id: what happened, to what, where, and which agencies may be told.

    It holds ids and times only.
    """

    type: EventType
    subject_type: SubjectType
    subject_id: str
    area: str
    agencies: Iterable[str | None]
    case_id: str | None = None
    forums: tuple[str, ...] = ()
    owner_agency: str | None = None
    details: dict[str, str | int | bool | date | datetime | None] = field(default_factory=dict)
    dedupe_key: str | None = None
    priority: int = NORMAL
    trace_id: str = ""


def record_event(session: Session, draft: EventDraft, now: datetime) -> str | None:
    """Stores the event and returns its id, or None when its `dedupe_key` was used before and nothing was stored."""
    row = _row(draft, now)
    # The insert passes over the unit of work, and its trigger reads rows such as an endpoint that was just added.
    session.flush()
    stored = insert(Event).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(Event.id)
    return session.scalar(stored)


def record_events(session: Session, drafts: Sequence[EventDraft], now: datetime) -> None:
    """Stores the events in this order, without those whose `dedupe_key` was used before."""
    session.flush()
    if drafts:
        stored = insert(Event).on_conflict_do_nothing(index_elements=["dedupe_key"])
        session.execute(stored, [_row(one, now) for one in drafts])


def _row(draft: EventDraft, now: datetime) -> dict[str, object]:
    event_id = new_id("evt")
    return {
        "id": event_id,
        "type": draft.type,
        "subject_type": draft.subject_type,
        "subject_id": draft.subject_id,
        "case_id": draft.case_id,
        "area": draft.area,
        "agencies": sorted({agency for agency in draft.agencies if agency}),
        "forums": list(draft.forums),
        "owner_agency": draft.owner_agency,
        "body": envelope(event_id, draft, now),
        "dedupe_key": draft.dedupe_key,
        "occurred_at": now,
        "priority": draft.priority,
        "trace_id": draft.trace_id,
    }


def envelope(event_id: str, draft: EventDraft, now: datetime) -> bytes:
    """Returns the bytes that every receiver gets: a Standard Webhooks envelope of at most 2 KiB, without personal data.

    Raises `ServiceError` when it is longer.
    """
    data: dict[str, object] = {f"{draft.subject_type}_id": draft.subject_id, "area": draft.area}
    if draft.case_id:
        data["case_id"] = draft.case_id
    data |= {name: _plain(value) for name, value in draft.details.items() if value is not None}
    data["detail_url"] = f"/v1/{_collection(draft.subject_type)}/{draft.subject_id}"
    body = {"id": event_id, "type": draft.type, "version": 1, "timestamp": _plain(now), "data": data}
    # Sorted, so that the bytes do not hang on the order of the details; without spaces, to stay within the limit.
    written = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    if len(written) > MOST_BYTES:
        raise ServiceError(f"an event of type {draft.type} would be {len(written)} bytes; the limit is {MOST_BYTES}")
    return written


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _collection(subject_type: SubjectType) -> str:
    irregular = {
        SubjectType.DELIVERY: "webhook-deliveries",
        SubjectType.ENDPOINT: "webhook-endpoints",
        SubjectType.ENQUIRY: "enquiries",
    }
    return irregular.get(subject_type, f"{subject_type}s")
