"""Opens a work item for the co-ordinator when delivery needs a person. The same fault never opens two."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.foundation.identifiers import new_id
from app.outbox.service import URGENT, EventDraft, record_event
from app.vocabulary import EventType, Role, SubjectType
from app.webhooks.delivery.endpoint_health import EndpointHealth
from app.webhooks.delivery.queue import ClaimedDelivery, mark_poison
from app.webhooks.models import Endpoint
from app.webhooks.vocabulary import EndpointStatus, Outcome, WorkKind
from app.webhooks.work_item_repository import (
    add_work_item,
    close_items_of_event,
    deliveries_for_items,
    undelivered_reminders,
)

UNDELIVERED_AFTER = timedelta(hours=2)
# Waiting mends none of these, and a retry meets the same answer.
NEEDS_A_PERSON = {Outcome.REFUSED, Outcome.REDIRECTED, Outcome.WILL_NOT_SEND, Outcome.CERTIFICATE_WRONG}


def open_undelivered_reminders(session: Session, now: datetime) -> int:
    """Opens an item and records an event for each reminder that no receiver has taken for two hours; how many."""
    rows = undelivered_reminders(session, now - UNDELIVERED_AFTER)
    for row in rows:
        key = f"{row['event_id']}:{row['agency']}"
        _open_for_delivery(session, WorkKind.UNDELIVERED, row, key, now)
        record_event(session, _undelivered_event(session, row), now)
    return len(rows)


def open_stopped_deliveries(session: Session, kind: WorkKind, delivery_ids: Sequence[str], now: datetime) -> int:
    """Opens an item for each delivery that will not be tried again; how many."""
    if not delivery_ids:
        return 0
    rows = deliveries_for_items(session, delivery_ids)
    for row in rows:
        _open_for_delivery(session, kind, row, row["delivery_id"], now)
    return len(rows)


def set_poison_aside(session: Session, now: datetime) -> int:
    """Sets deliveries aside that end their worker, opens a work item for each, and returns how many."""
    return open_stopped_deliveries(session, WorkKind.POISON, mark_poison(session, now), now)


def open_endpoint_alarms(
    session: Session, endpoint: Endpoint, before: EndpointHealth, outcomes: Sequence[Outcome], now: datetime
) -> None:
    """Opens an item for a pause at once, and one a day for a receiver that refuses us or a secret that stays shut."""
    if before.status == EndpointStatus.ACTIVE and endpoint.status == EndpointStatus.PAUSED:
        # By the beginning of the pause: a second pause opens an item of its own.
        _open_for_endpoint(session, WorkKind.ENDPOINT_PAUSED, endpoint, endpoint.status_since.isoformat(), now)
        record_event(session, _paused_event(session, endpoint), now)
    if NEEDS_A_PERSON.intersection(outcomes):
        # The UTC day is enough: it only spaces the items, and no deadline runs from it.
        _open_for_endpoint(session, WorkKind.RECEIVER_REFUSES, endpoint, now.date().isoformat(), now)
    if Outcome.NOT_SIGNED in outcomes:
        _open_for_endpoint(session, WorkKind.CANNOT_SIGN, endpoint, now.date().isoformat(), now)


def close_delivered_reminders(session: Session, delivered: Iterable[ClaimedDelivery], now: datetime) -> None:
    """Closes the items of reminders that arrived after all.

    Whether anyone has dealt with the action is another matter.
    """
    for one in delivered:
        if one.must_arrive:
            close_items_of_event(session, one.event_id, one.agency, now)


def _open_for_delivery(session: Session, kind: WorkKind, row: RowMapping, key: str, now: datetime) -> None:
    names = ("delivery_id", "endpoint_id", "event_id", "subject_type", "subject_id", "case_id", "area")
    _open(session, kind, key, {name: row[name] for name in names} | {"agencies": [row["agency"]]}, now)


def _open_for_endpoint(session: Session, kind: WorkKind, endpoint: Endpoint, key: str, now: datetime) -> None:
    for area in endpoint.alarm_areas:
        about = {"endpoint_id": endpoint.id, "area": area, "agencies": [endpoint.agency]}
        _open(session, kind, f"{endpoint.id}:{area}:{key}", about, now)


def _open(session: Session, kind: WorkKind, key: str, about: Mapping[str, object], now: datetime) -> None:
    row = {
        **about,
        "id": new_id("wrk"),
        "kind": kind,
        "dedupe_key": f"{kind}:{key}",
        "owner_role": Role.MARAC_COORDINATOR,
        "opened_at": now,
    }
    add_work_item(session, row)


def _undelivered_event(session: Session, row: RowMapping) -> EventDraft:
    return EventDraft(
        type=EventType.DELIVERY_UNDELIVERED,
        subject_type=SubjectType.DELIVERY,
        subject_id=row["delivery_id"],
        area=row["area"],
        agencies=(agency_in_post(session, row["area"], Role.MARAC_COORDINATOR), row["agency"]),
        case_id=row["case_id"],
        details={
            "event_id": row["event_id"],
            f"{row['subject_type']}_id": row["subject_id"],
            "reason": row["reason"],
        },
        dedupe_key=f"undelivered:{row['event_id']}:{row['agency']}",
        priority=URGENT,
    )


def _paused_event(session: Session, endpoint: Endpoint) -> EventDraft:
    coordinators = [agency_in_post(session, area, Role.MARAC_COORDINATOR) for area in endpoint.alarm_areas]
    return EventDraft(
        type=EventType.ENDPOINT_PAUSED,
        subject_type=SubjectType.ENDPOINT,
        subject_id=endpoint.id,
        area=next(iter(endpoint.alarm_areas), ""),
        agencies=(endpoint.agency, *coordinators),
        details={"reason": endpoint.status_reason},
        priority=URGENT,
    )
