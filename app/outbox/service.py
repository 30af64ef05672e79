"""Records events, each as a row in the same commit as the change it tells of. Nothing else writes events."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.foundation.clock import instant_text
from app.foundation.errors import ServiceError
from app.foundation.identifiers import new_id
from app.outbox.models import Event
from app.vocabulary import EventType, Role, SubjectType

MOST_BYTES = 2048
MOST_BYTES_OF: Mapping[EventType, int] = {EventType.REMINDER_DIGEST: 8_000}
NORMAL, URGENT = 5, 1
# Lists of lines are a digest's and a danger call's.
Detail: TypeAlias = str | int | bool | date | datetime | Sequence[Mapping[str, object]] | None


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event before it has an id: what happened, to what, where, and which agencies may be told.

    It holds ids and times only. `asked_roles` are the posts of the owner agency that are asked for something: they must
    hear of it. `link` is where the receiver reads on, unless that is the subject itself.
    """

    type: EventType
    subject_type: SubjectType
    subject_id: str
    area: str
    agencies: Iterable[str | None]
    case_id: str | None = None
    forums: tuple[str, ...] = ()
    owner_agency: str | None = None
    details: dict[str, Detail] = field(default_factory=dict)
    dedupe_key: str | None = None
    priority: int = NORMAL
    trace_id: str = ""
    link: str | None = None
    asked_roles: tuple[Role, ...] = ()


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
        "asked_roles": sorted(set(draft.asked_roles)),
        "body": envelope(event_id, draft, now),
        "dedupe_key": draft.dedupe_key,
        "occurred_at": now,
        "priority": draft.priority,
        "trace_id": draft.trace_id,
    }


def envelope(event_id: str, draft: EventDraft, now: datetime) -> bytes:
    """Returns the bytes that every receiver gets: a Standard Webhooks envelope without personal data.

    It has at most 2 KiB, a digest 8,000 bytes. Raises `ServiceError` when it is longer.
    """
    written, most = _written(event_id, draft, now), _most_bytes(draft.type)
    if len(written) > most:
        raise ServiceError(f"an event of type {draft.type} would be {len(written)} bytes; the limit is {most}")
    return written


def room_left(draft: EventDraft, now: datetime) -> int:
    """Returns how many bytes further details of this event may take."""
    return _most_bytes(draft.type) - len(_written(new_id("evt"), draft, now))


def link_of(subject_type: SubjectType, subject_id: str) -> str:
    """Returns the path at which the API answers for a subject."""
    return f"/v1/{_collection(subject_type)}/{subject_id}"


def plain(value: object) -> object:
    """Returns the value as JSON carries it: dates and instants as text, in lists and tables too."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def _most_bytes(kind: EventType) -> int:
    return MOST_BYTES_OF.get(kind, MOST_BYTES)


def _written(event_id: str, draft: EventDraft, now: datetime) -> bytes:
    data: dict[str, object] = {f"{draft.subject_type}_id": draft.subject_id}
    # Every receiver gets these bytes, whoever manages the perpetrator too: the area of a case says where the victim is.
    data |= {"case_id": draft.case_id} if draft.case_id else {"area": draft.area}
    data |= {name: plain(value) for name, value in draft.details.items() if value is not None}
    data["detail_url"] = draft.link or link_of(draft.subject_type, draft.subject_id)
    body = {"id": event_id, "type": draft.type, "version": 1, "timestamp": plain(now), "data": data}
    # Sorted, so that the bytes do not hang on the order of the details; without spaces, to stay within the limit.
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _collection(subject_type: SubjectType) -> str:
    irregular = {
        SubjectType.DELIVERY: "webhook-deliveries",
        SubjectType.ENDPOINT: "webhook-endpoints",
        SubjectType.ENQUIRY: "enquiries",
        SubjectType.LINK_PROPOSAL: "link-proposals",
    }
    return irregular.get(subject_type, f"{subject_type}s")
