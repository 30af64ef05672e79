"""The queries for recoveries: a partner's request to have every event of a range sent again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.outbox.models import Event
from app.webhooks.models import Recovery

AFTER_NEW_EVENTS = 8  # a priority below every new event's: what happens now is sent before what happened then
# The first delivery of each event is looked up for the events of this step only: as a join, the planner could look for
# it among all events. The unique index on (recovery_id, event_id) makes a repeated step send nothing twice.
_REPLAY = text("""
    WITH wanted AS (
        SELECT n.id, n.number, n.subject_id
        FROM event n JOIN webhook_endpoint e ON e.id = :endpoint
        WHERE n.number > :reached AND n.number <= :last AND n.occurred_at >= :since AND n.occurred_at < :until
            AND endpoint_wants(e, n)
        ORDER BY n.number LIMIT :most
    ), made AS (
        INSERT INTO delivery (id, event_id, endpoint_id, agency, subject_id, direct, must_arrive, priority, state,
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


@dataclass(frozen=True, slots=True)
class RecoveryStep:
    """What one step did: how many events it queued, and the number of the last one (None when there was none)."""

    replayed: int
    reached: int | None


def recovery_by_id(session: Session, endpoint_id: str, recovery_id: str) -> Recovery | None:
    return session.scalar(select(Recovery).where(Recovery.id == recovery_id, Recovery.endpoint_id == endpoint_id))


def last_event_number(session: Session) -> int:
    """Returns the number of the newest event, 0 when there is none.

    A recovery ends there and never chases new events.
    """
    return session.scalars(select(func.coalesce(func.max(Event.number), 0))).one()


def oldest_unfinished_recovery(session: Session) -> Recovery | None:
    """Returns the recovery to go on with, locked; one that another worker holds locked is passed over."""
    return session.scalar(
        select(Recovery)
        .where(Recovery.finished_at.is_(None))
        .order_by(Recovery.requested_at, Recovery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def queue_events_again(session: Session, recovery: Recovery, most: int, now: datetime) -> RecoveryStep:
    """Queues up to `most` further events of the recovery's range that its endpoint asks for."""
    row = session.execute(_REPLAY, _values(recovery) | {"most": most, "now": now}).one()
    return RecoveryStep(int(row.replayed), row.reached)


def _values(recovery: Recovery) -> dict[str, object]:
    return {
        "endpoint": recovery.endpoint_id,
        "agency": recovery.agency,
        "reached": recovery.reached_number,
        "last": recovery.last_number,
        "since": recovery.since,
        "until": recovery.until,
        "priority": AFTER_NEW_EVENTS,
        "recovery": recovery.id,
        "requested_by": recovery.requested_by,
    }
