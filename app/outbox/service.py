"""The one way an event comes to be: a row in the same commit as the change it tells of."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.foundation.errors import ServiceError
from app.foundation.identifiers import new_id
from app.outbox.models import Event
from app.vocabulary import EventType

MOST_BYTES = 2048
NORMAL, URGENT = 5, 1


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What happened, to what, in which area, and which agencies may be told. Ids, codes and times only."""

    type: EventType
    subject_type: str
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


def record_event(session: Session, news: EventDraft, now: datetime) -> str | None:
    """The event's id; None when its `dedupe_key` has been used, so saying it twice says it once."""
    row = _row(news, now)
    session.flush()
    stored = (
        insert(Event).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(Event.id)
    )
    return session.scalar(stored)


def record_events(session: Session, news: Sequence[EventDraft], now: datetime) -> None:
    """Each is an event, in this order, unless its `dedupe_key` has been used."""
    session.flush()
    if news:
        stored = insert(Event).on_conflict_do_nothing(index_elements=["dedupe_key"])
        session.execute(stored, [_row(one, now) for one in news])


def _row(news: EventDraft, now: datetime) -> dict[str, object]:
    event_id = new_id("evt")
    return {
        "id": event_id,
        "type": news.type,
        "subject_type": news.subject_type,
        "subject_id": news.subject_id,
        "case_id": news.case_id,
        "area": news.area,
        "agencies": sorted({agency for agency in news.agencies if agency}),
        "forums": list(news.forums),
        "owner_agency": news.owner_agency,
        "body": envelope(event_id, news, now),
        "dedupe_key": news.dedupe_key,
        "occurred_at": now,
        "priority": news.priority,
        "trace_id": news.trace_id,
    }


def envelope(event_id: str, news: EventDraft, now: datetime) -> bytes:
    """The bytes every receiver gets, Standard Webhooks in shape, at most 2 KiB, with no personal data in them."""
    data: dict[str, object] = {f"{news.subject_type}_id": news.subject_id, "area": news.area}
    if news.case_id:
        data["case_id"] = news.case_id
    data |= {name: _plain(value) for name, value in news.details.items() if value is not None}
    data["detail_url"] = f"/v1/{_collection(news.subject_type)}/{news.subject_id}"
    body = {"id": event_id, "type": news.type, "version": 1, "timestamp": _plain(now), "data": data}
    written = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    if len(written) > MOST_BYTES:
        raise ServiceError(
            f"an event of type {news.type} would be {len(written)} bytes; the limit is {MOST_BYTES}"
        )
    return written


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _collection(subject_type: str) -> str:
    return {"delivery": "webhook-deliveries", "endpoint": "webhook-endpoints"}.get(
        subject_type, f"{subject_type}s"
    )
