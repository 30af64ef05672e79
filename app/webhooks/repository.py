"""The queries that people's requests need: endpoints, their keys, the delivery log, recoveries, the list of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session

from app.outbox.models import Event
from app.webhooks.models import Attempt, Delivery, Endpoint, Recovery, Secret, WorkItem
from app.webhooks.vocabulary import DeliveryState, WorkKind

LogLine = Row[Delivery, Endpoint, str]


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which deliveries to list. None means "any"."""

    endpoint_id: str | None = None
    event_type: str | None = None
    event_id: str | None = None
    subject_id: str | None = None
    state: str | None = None


def endpoint_by_id(session: Session, endpoint_id: str) -> Endpoint | None:
    return session.scalar(select(Endpoint).where(Endpoint.id == endpoint_id))


def endpoint_for_change(session: Session, endpoint_id: str) -> Endpoint | None:
    """The endpoint, locked until this transaction ends. Deliveries may still be added for it."""
    return session.scalar(select(Endpoint).where(Endpoint.id == endpoint_id).with_for_update(key_share=True))


def list_endpoints(session: Session, after: str, limit: int) -> Sequence[Endpoint]:
    return session.scalars(
        select(Endpoint).where(Endpoint.id > after).order_by(Endpoint.id).limit(limit)
    ).all()


def keys_of(session: Session, endpoint_ids: Sequence[str], now: datetime) -> Sequence[Secret]:
    """The secrets that still sign, the current ones first."""
    return session.scalars(
        select(Secret)
        .where(
            Secret.endpoint_id.in_(endpoint_ids), (Secret.expires_at.is_(None)) | (Secret.expires_at > now)
        )
        .order_by(Secret.expires_at.desc().nulls_first(), Secret.kind)
    ).all()


def list_deliveries(session: Session, wanted: LogFilter, before: int | None, limit: int) -> Sequence[LogLine]:
    """The newest deliveries before a position, each with its endpoint and the type of its event."""
    query = _log().order_by(Delivery.number.desc()).limit(limit)
    exact = {
        Delivery.endpoint_id: wanted.endpoint_id,
        Delivery.event_id: wanted.event_id,
        Delivery.subject_id: wanted.subject_id,
        Delivery.state: wanted.state,
        Event.type: wanted.event_type,
    }
    query = query.where(*(column == value for column, value in exact.items() if value is not None))
    if before is not None:
        query = query.where(Delivery.number < before)
    return session.execute(query).all()


def delivery_line(session: Session, delivery_id: str) -> LogLine | None:
    return session.execute(_log().where(Delivery.id == delivery_id)).first()


def delivery_of_event(session: Session, event_id: str) -> LogLine:
    """The one call of an event that was made for one endpoint."""
    return session.execute(_log().where(Delivery.event_id == event_id, Delivery.direct)).one()


def attempts_of(session: Session, delivery_id: str) -> Sequence[Attempt]:
    """Every try of a delivery, oldest first."""
    return session.scalars(
        select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.started_at, Attempt.id)
    ).all()


def release_held(session: Session, endpoint_id: str, now: datetime) -> None:
    """Whatever waits for this endpoint waits no longer."""
    session.execute(
        update(Delivery)
        .where(Delivery.endpoint_id == endpoint_id, Delivery.state == DeliveryState.PENDING)
        .values(due_at=now, wait_seconds=0)
    )


def recovery_by_id(session: Session, endpoint_id: str, recovery_id: str) -> Recovery | None:
    return session.scalar(
        select(Recovery).where(Recovery.id == recovery_id, Recovery.endpoint_id == endpoint_id)
    )


def open_work(session: Session, after: tuple[datetime, str] | None, limit: int) -> Sequence[WorkItem]:
    """What waits for a person, the longest waiting first."""
    query = select(WorkItem).where(WorkItem.closed_at.is_(None)).order_by(WorkItem.opened_at, WorkItem.id)
    if after is not None:
        opened_at, item_id = after
        query = query.where(
            (WorkItem.opened_at > opened_at) | ((WorkItem.opened_at == opened_at) & (WorkItem.id > item_id))
        )
    return session.scalars(query.limit(limit)).all()


def work_item_for_change(session: Session, item_id: str) -> WorkItem | None:
    return session.scalar(select(WorkItem).where(WorkItem.id == item_id).with_for_update())


def close_endpoint_work(session: Session, endpoint_id: str, by: str, now: datetime) -> None:
    """Nobody need look at this endpoint's pause any more."""
    session.execute(
        update(WorkItem)
        .where(
            WorkItem.endpoint_id == endpoint_id,
            WorkItem.kind.in_([WorkKind.ENDPOINT_PAUSED, WorkKind.RECEIVER_REFUSES]),
            WorkItem.closed_at.is_(None),
        )
        .values(closed_at=now, closed_by=by)
    )


def _log() -> Select[Delivery, Endpoint, str]:
    return (
        select(Delivery, Endpoint, Event.type)
        .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
        .join(Event, Event.id == Delivery.event_id)
    )
