"""Queries for deliveries and their attempts: the delivery log, and what a change of an endpoint does to its queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from app.outbox.models import Event
from app.webhooks.models import Attempt, Delivery, Endpoint
from app.webhooks.vocabulary import DeliveryState

DeliveryLine = Row[Delivery, Endpoint, str]


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries to list. None means "any"."""

    endpoint_id: str | None = None
    event_type: str | None = None
    event_id: str | None = None
    subject_id: str | None = None
    state: str | None = None


def list_deliveries(session: Session, wanted: DeliveryFilter, before: int | None, limit: int) -> Sequence[DeliveryLine]:
    """Returns the newest deliveries before a position, each with its endpoint and the type of its event."""
    query = _lines().order_by(Delivery.number.desc()).limit(limit)
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


def delivery_line(session: Session, delivery_id: str) -> DeliveryLine | None:
    return session.execute(_lines().where(Delivery.id == delivery_id)).first()


def delivery_of_event(session: Session, event_id: str) -> DeliveryLine:
    """Returns the one delivery of an event that was recorded for one endpoint (a verification, a test)."""
    return session.execute(_lines().where(Delivery.event_id == event_id, Delivery.direct)).one()


def attempts_of(session: Session, delivery_id: str) -> Sequence[Attempt]:
    """Returns every attempt of a delivery, oldest first."""
    return session.scalars(
        select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.started_at, Attempt.id)
    ).all()


def newest_failures(session: Session, endpoint_id: str, since: datetime, now: datetime, limit: int) -> Sequence[bool]:
    """Returns whether each of the endpoint's newest attempts failed, between `since` (excluded) and `now` (included).

    `now` bounds the query because attempts of a clock that was set back would otherwise count as recent.
    """
    return session.scalars(
        select(Attempt.failed)
        .where(Attempt.endpoint_id == endpoint_id, Attempt.started_at > since, Attempt.started_at <= now)
        .order_by(Attempt.started_at.desc())
        .limit(limit)
    ).all()


def make_waiting_due(session: Session, endpoint_id: str, now: datetime) -> None:
    """Makes every delivery that waits for this endpoint due at `now`."""
    session.execute(
        update(Delivery)
        # A leased one is on its way already; its outcome sets when it is due again.
        .where(Delivery.endpoint_id == endpoint_id, Delivery.state == DeliveryState.PENDING)
        .values(due_at=now, wait_seconds=0)
    )


def wake_workers(session: Session) -> None:
    """Wakes sleeping workers when this transaction commits. Only a hint: they look every second anyway."""
    session.execute(select(func.pg_notify("delivery_due", "")))


def _lines() -> Select[Delivery, Endpoint, str]:
    return (
        select(Delivery, Endpoint, Event.type)
        .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
        .join(Event, Event.id == Delivery.event_id)
    )
