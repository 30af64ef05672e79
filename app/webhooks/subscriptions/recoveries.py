"""Sends events again: one delivery, or everything that an endpoint asks for in a range of time, to the last event."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.errors import Conflict, Invalid
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.webhooks.delivery_repository import wake_workers
from app.webhooks.models import Delivery, Endpoint, Recovery
from app.webhooks.recovery_repository import (
    last_event_number,
    oldest_unfinished_recovery,
    queue_events_again,
)
from app.webhooks.vocabulary import DeliveryState

BATCH = 500


def start_recovery(tx: Transaction, endpoint: Endpoint, since: datetime, until: datetime) -> Recovery:
    """Stores the request. The worker fulfils it in steps, and the row says how far it has come.

    Raises `Invalid` when the range is empty.
    """
    if since >= until:
        raise Invalid("`since` must lie before `until`")
    recovery = Recovery(
        id=new_id("rcv"),
        endpoint_id=endpoint.id,
        agency=endpoint.agency,
        since=since,
        until=until,
        reached_number=0,
        last_number=last_event_number(tx.session),
        replayed=0,
        requested_by=tx.by,
        requested_at=tx.now,
    )
    tx.session.add(recovery)
    tx.session.flush()
    return recovery


def advance_recoveries(session: Session, now: datetime) -> int:
    """Queues the next events of the oldest unfinished recovery that no other worker holds; returns how many."""
    recovery = oldest_unfinished_recovery(session)
    if recovery is None:
        return 0
    step = queue_events_again(session, recovery, BATCH, now)
    recovery.replayed += step.replayed
    # The row moves on in the commit that queues: a worker that dies in between repeats the step, not the whole range.
    recovery.reached_number = step.reached or recovery.last_number
    if step.replayed < BATCH:
        recovery.reached_number, recovery.finished_at = recovery.last_number, now
    session.flush()
    wake_workers(session)
    return step.replayed


def replay_delivery(tx: Transaction, delivery: Delivery) -> Delivery:
    """Records a new delivery of the same event, with who asked for it.

    The `webhook-id` is the same, so the receiver recognises a copy. Raises `Conflict` for a verification or a test:
    a challenge is good for one moment, so a new one is asked for.
    """
    if delivery.direct:
        raise Conflict("a verification or a test is not replayed; ask for a new one")
    again = Delivery(
        id=new_id("dlv"),
        event_id=delivery.event_id,
        endpoint_id=delivery.endpoint_id,
        agency=delivery.agency,
        subject_id=delivery.subject_id,
        direct=delivery.direct,
        must_arrive=False,
        priority=delivery.priority,
        state=DeliveryState.PENDING,
        created_at=tx.now,
        due_at=tx.now,
        wait_seconds=0,
        tries=0,
        claims=0,
        replay_of=delivery.id,
        requested_by=tx.by,
    )
    tx.session.add(again)
    tx.session.flush()
    wake_workers(tx.session)
    return again
