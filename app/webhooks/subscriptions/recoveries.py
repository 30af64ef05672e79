"""Telling a partner again: one event, or everything it would have been told in a range, with no silent end."""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.outbox.models import Event
from app.webhooks.models import Delivery, Endpoint, Recovery
from app.webhooks.vocabulary import DeliveryState

BATCH = 500
AFTER_WHAT_IS_NEW = 8  # what happens now is told before what happened then
# The first telling of each is looked up for those of this step only: joined, it could be sought for every event there is.
_REPLAY = text("""
    WITH wanted AS (
        SELECT n.id, n.number, n.subject_id
        FROM event n JOIN webhook_endpoint e ON e.id = :endpoint
        WHERE n.number > :reached AND n.number <= :last AND n.occurred_at >= :since AND n.occurred_at < :until
            AND endpoint_wants(e, n)
        ORDER BY n.number LIMIT :most
    ), made AS (
        INSERT INTO delivery (id, event_id, endpoint_id, agency, subject_id, direct, is_reminder, priority, state,
                              created_at, due_at, wait_seconds, tries, claims, replay_of, recovery_id, requested_by)
        SELECT 'dlv_' || replace(gen_random_uuid()::text, '-', ''), id, :endpoint, :agency, subject_id, false, false,
               :priority, 'pending', :now, :now, 0, 0, 0,
               (SELECT first.id FROM delivery first WHERE first.event_id = wanted.id AND first.endpoint_id = :endpoint
                    AND first.replay_of IS NULL AND first.recovery_id IS NULL),
               :recovery, :requested_by
        FROM wanted ORDER BY number
        ON CONFLICT (recovery_id, event_id) WHERE recovery_id IS NOT NULL DO NOTHING
    )
    SELECT count(*) AS replayed, max(number) AS reached FROM wanted
""")


def start_recovery(
    session: Session, endpoint: Endpoint, since: datetime, until: datetime, requested_by: str, now: datetime
) -> Recovery:
    """The wish is on record; the worker fulfils it in steps and the row says how far it has come."""
    last = session.scalar(select(func.coalesce(func.max(Event.number), 0)))
    recovery = Recovery(
        id=new_id("rcv"),
        endpoint_id=endpoint.id,
        agency=endpoint.agency,
        since=since,
        until=until,
        reached_number=0,
        last_number=last,
        replayed=0,
        requested_by=requested_by,
        requested_at=now,
    )
    session.add(recovery)
    session.flush()
    return recovery


def advance_recoveries(session: Session, now: datetime) -> int:
    """How many events were queued again for the oldest unfinished recovery that no other worker has in hand."""
    recovery = session.scalar(
        select(Recovery)
        .where(Recovery.finished_at.is_(None))
        .order_by(Recovery.requested_at, Recovery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if recovery is None:
        return 0
    step = session.execute(_REPLAY, _given(recovery, now)).one()
    recovery.replayed += step.replayed
    recovery.reached_number = step.reached or recovery.last_number
    if step.replayed < BATCH:
        recovery.reached_number, recovery.finished_at = recovery.last_number, now
    session.flush()
    wake_workers(session)
    return int(step.replayed)


def replay_one(session: Session, delivery: Delivery, requested_by: str, now: datetime) -> Delivery:
    """A new delivery of the same event, with who asked; the same `webhook-id`, so the receiver knows it is a copy."""
    again = Delivery(
        id=new_id("dlv"),
        event_id=delivery.event_id,
        endpoint_id=delivery.endpoint_id,
        agency=delivery.agency,
        subject_id=delivery.subject_id,
        direct=delivery.direct,
        is_reminder=False,
        priority=delivery.priority,
        state=DeliveryState.PENDING,
        created_at=now,
        due_at=now,
        wait_seconds=0,
        tries=0,
        claims=0,
        replay_of=delivery.id,
        requested_by=requested_by,
    )
    session.add(again)
    session.flush()
    wake_workers(session)
    return again


def wake_workers(session: Session) -> None:
    """Sleeping workers look again when this transaction commits. Only a hint: they look every second anyway."""
    session.execute(select(func.pg_notify("delivery_due", "")))


def _given(recovery: Recovery, now: datetime) -> dict[str, object]:
    return {
        "endpoint": recovery.endpoint_id,
        "agency": recovery.agency,
        "reached": recovery.reached_number,
        "last": recovery.last_number,
        "since": recovery.since,
        "until": recovery.until,
        "most": BATCH,
        "priority": AFTER_WHAT_IS_NEW,
        "now": now,
        "recovery": recovery.id,
        "requested_by": recovery.requested_by,
    }
