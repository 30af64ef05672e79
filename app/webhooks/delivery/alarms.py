"""Where the machine's road ends, a person's begins: each alarm is a row on the co-ordinator's list, opened once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.foundation.identifiers import new_id
from app.outbox.service import URGENT, EventDraft, record_event
from app.vocabulary import EventType, Role
from app.webhooks.delivery.endpoint_health import EndpointHealth
from app.webhooks.delivery.queue import Claimed
from app.webhooks.models import Endpoint, WorkItem
from app.webhooks.vocabulary import EndpointStatus, Outcome, WorkKind

UNDELIVERED_AFTER = timedelta(hours=2)
NEEDS_A_PERSON = {Outcome.REFUSED, Outcome.REDIRECTED, Outcome.WILL_NOT_SEND, Outcome.CERTIFICATE_WRONG}
_UNDELIVERED = text("""
    SELECT DISTINCT ON (d.event_id, d.agency) d.id AS delivery_id, d.endpoint_id, d.agency, d.event_id,
        n.subject_type, n.subject_id, n.case_id, n.area, d.reason
    FROM delivery d JOIN event n ON n.id = d.event_id
    WHERE d.is_reminder AND d.state IN ('pending', 'leased', 'exhausted', 'poison') AND d.created_at <= :since
        AND NOT EXISTS (SELECT FROM delivery other WHERE other.event_id = d.event_id AND other.agency = d.agency
            AND other.state = 'done')
        AND NOT EXISTS (SELECT FROM work_item w WHERE w.dedupe_key = 'undelivered:' || d.event_id || ':' || d.agency)
    ORDER BY d.event_id, d.agency, d.number LIMIT 1000
""")
_STUCK = text("""
    SELECT d.id AS delivery_id, d.endpoint_id, d.agency, d.event_id, n.subject_type, n.subject_id, n.case_id, n.area
    FROM delivery d JOIN event n ON n.id = d.event_id WHERE d.id = ANY (:ids) AND NOT d.direct
""")


def open_undelivered(session: Session, now: datetime) -> int:
    """How many reminders that no receiver has taken for two hours are newly on a person's list, and told of by event."""
    rows = session.execute(_UNDELIVERED, {"since": now - UNDELIVERED_AFTER}).mappings().all()
    for row in rows:
        _open_for_delivery(session, WorkKind.UNDELIVERED, row, f"{row['event_id']}:{row['agency']}", now)
        record_event(session, _undelivered_news(session, row), now)
    return len(rows)


def open_stuck(session: Session, kind: WorkKind, delivery_ids: Sequence[str], now: datetime) -> int:
    """How many deliveries that will not be tried again are newly on a person's list."""
    if not delivery_ids:
        return 0
    rows = session.execute(_STUCK, {"ids": list(delivery_ids)}).mappings().all()
    for row in rows:
        _open_for_delivery(session, kind, row, row["delivery_id"], now)
    return len(rows)


def alarm_about_endpoint(
    session: Session, endpoint: Endpoint, before: EndpointHealth, outcomes: Sequence[Outcome], now: datetime
) -> None:
    """A pause, and a receiver that refuses or redirects us, are on a person's list at once."""
    if before.status == EndpointStatus.ACTIVE and endpoint.status == EndpointStatus.PAUSED:
        _open_for_endpoint(
            session, WorkKind.ENDPOINT_PAUSED, endpoint, endpoint.status_since.isoformat(), now
        )
        record_event(session, _paused_news(session, endpoint), now)
    if NEEDS_A_PERSON.intersection(outcomes):
        _open_for_endpoint(session, WorkKind.RECEIVER_REFUSES, endpoint, now.date().isoformat(), now)
    if Outcome.NOT_SIGNED in outcomes:
        _open_for_endpoint(session, WorkKind.CANNOT_SIGN, endpoint, now.date().isoformat(), now)


def close_when_delivered(session: Session, delivered: Iterable[Claimed], now: datetime) -> None:
    """A reminder that arrived after all needs no person to carry it. Whether anyone has looked is another matter."""
    for one in delivered:
        if one.is_reminder:
            session.execute(
                update(WorkItem)
                .where(
                    WorkItem.event_id == one.event_id,
                    WorkItem.agencies == [one.agency],
                    WorkItem.closed_at.is_(None),
                )
                .values(closed_at=now, closed_by="delivered")
            )


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
    session.flush()
    session.execute(insert(WorkItem).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"]))


def _undelivered_news(session: Session, row: RowMapping) -> EventDraft:
    return EventDraft(
        type=EventType.DELIVERY_UNDELIVERED,
        subject_type="delivery",
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


def _paused_news(session: Session, endpoint: Endpoint) -> EventDraft:
    coordinators = [agency_in_post(session, area, Role.MARAC_COORDINATOR) for area in endpoint.alarm_areas]
    return EventDraft(
        type=EventType.ENDPOINT_PAUSED,
        subject_type="endpoint",
        subject_id=endpoint.id,
        area=next(iter(endpoint.alarm_areas), ""),
        agencies=(endpoint.agency, *coordinators),
        details={"reason": endpoint.status_reason},
        priority=URGENT,
    )
