"""The queue: leases the deliveries that may be sent now to one worker. Its rows are the deliveries themselves.

A call takes two short transactions: one leases it, one records its outcome. Nothing here trusts the clock to go
forward: a lease or a wait longer than was given can only come from a step of the clock, and counts as over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.webhooks.delivery.endpoint_health import LONGEST_PROBE_WAIT

LEASE = timedelta(seconds=60)
# A worker that dies loses every lease it has, so one lost lease says little about a payload. From the third lost lease
# on the delivery waits 2, 4, 8, 16, 32 leases, about an hour in all; after the eighth it counts as what ends its
# worker.
MOST_LOST_LEASES, UNSUSPECTED = 8, 2
# A worker leases three times as many calls as an endpoint takes at once, so that no connection waits for the database.
# However slow the receiver is, three waves of 15 seconds end 15 seconds before the lease does.
WAVES = 3

_IN_HAND = "d.state = 'leased' AND d.lease_until BETWEEN :now AND :now + 2 * CAST(:lease AS interval)"
_LOST = """d.state = 'leased' AND (d.lease_until > :now + 2 * CAST(:lease AS interval)
        OR d.lease_until < :now - CASE WHEN d.claims > :unsuspected
            THEN CAST(:lease AS interval) * (1 << least(d.claims - :unsuspected, 8)) ELSE interval '0' END)"""
_WAITED = "d.state = 'pending' AND (d.due_at <= :now OR d.due_at > :now + d.wait_seconds * interval '1 second')"
_FREE = f"d.claims < :most_lost AND (({_WAITED}) OR ({_LOST}))"
_MAY_CALL = """
    e.status = 'active'
    AND (e.breaker_step = 0 OR e.probe_at <= :now OR e.probe_at > :now + CAST(:longest_probe AS interval))
"""
# Endpoints are locked so that two workers together keep an endpoint's limits. SKIP LOCKED: another worker has that one.
# NO KEY: the commit of a referral inserts deliveries, and their foreign key must not wait for these locks.
# ORDER BY with LIMIT 1 reads the index in line, so the first of fifty thousand deliveries is found without the others.
_LOCK_ENDPOINTS = text(f"""
    SELECT e.id FROM webhook_endpoint e
    WHERE (({_MAY_CALL}) AND EXISTS (SELECT FROM (
            SELECT FROM delivery d WHERE d.endpoint_id = e.id AND {_FREE}
            ORDER BY d.priority, d.number LIMIT 1) AS first_in_line))
        OR EXISTS (SELECT FROM delivery d WHERE d.endpoint_id = e.id AND d.direct AND {_FREE})
    ORDER BY e.id FOR NO KEY UPDATE OF e SKIP LOCKED
""")  # noqa: S608 - built from constants
# `pace`: an idle endpoint has saved up one second of its rate at most; a mark far ahead is a step of the clock.
# A second statement: its snapshot is taken after the locks, so it sees what the worker before us leased.
_LEASE_DELIVERIES = text(f"""
    WITH callable AS (
        SELECT e.id, e.ordered, ({_MAY_CALL}) AS may_call, least(
            CASE WHEN e.breaker_step > 0 THEN 1 ELSE :waves * e.max_in_flight END - busy.calls,
            floor(extract(epoch FROM :now - pace.since) * e.rate_per_second)) AS slots,
            e.revision, e.rate_per_second, pace.since
        FROM webhook_endpoint e
        CROSS JOIN LATERAL (
            SELECT count(*) AS calls FROM delivery d
            WHERE d.endpoint_id = e.id AND {_IN_HAND}) AS busy
        CROSS JOIN LATERAL (
            SELECT CASE WHEN e.paced_until BETWEEN :now - interval '1 second' AND :now + interval '2 seconds'
                THEN e.paced_until ELSE :now - interval '1 second' END AS since) AS pace
        WHERE e.id = ANY (:endpoints)
    ), open AS (
        SELECT own.*, c.revision
        FROM callable c CROSS JOIN LATERAL (SELECT d.*, row_number() OVER () AS place FROM (
            SELECT d.id, d.endpoint_id, d.priority, d.number FROM delivery d
            WHERE d.endpoint_id = c.id AND {_FREE} AND (c.may_call OR d.direct)
                AND (NOT c.ordered OR NOT EXISTS (
                    SELECT FROM delivery earlier
                    WHERE earlier.endpoint_id = d.endpoint_id AND earlier.subject_id = d.subject_id
                        AND earlier.number < d.number AND earlier.state IN ('pending', 'leased')))
            ORDER BY d.priority, d.number LIMIT greatest(least(c.slots, :limit), 0) FOR UPDATE SKIP LOCKED
        ) AS d) AS own
    ), chosen AS (
        SELECT id, endpoint_id, revision FROM open ORDER BY priority, place, number LIMIT :limit
    ), paced AS (
        UPDATE webhook_endpoint e
        SET paced_until = c.since + taken.calls * 1000000 / c.rate_per_second * interval '1 microsecond'
        FROM callable c JOIN (SELECT endpoint_id, count(*) AS calls FROM chosen GROUP BY endpoint_id) AS taken
            ON taken.endpoint_id = c.id
        WHERE e.id = c.id
    )
    UPDATE delivery d
    SET state = 'leased', claims = d.claims + 1, lease_until = :now + CAST(:lease AS interval),
        lease_token = gen_random_uuid()
    FROM chosen, event n
    WHERE d.id = chosen.id AND n.id = d.event_id
    RETURNING d.id AS delivery_id, d.lease_token AS token, d.endpoint_id, d.agency, d.event_id, n.body, n.type,
        d.direct, d.must_arrive, d.tries, chosen.revision, d.priority, d.number
""")  # noqa: S608
_STILL_OWED = text(
    "SELECT id FROM delivery WHERE id = :id AND lease_token = :token AND state = 'leased' AND withdrawn IS NULL"
)
_MARK_POISON = text(f"""
    UPDATE delivery d SET state = 'poison', lease_until = NULL, lease_token = NULL,
        reason = 'the worker ended each time it had this call in hand'
    WHERE d.claims >= :most_lost AND NOT ({_IN_HAND}) AND d.state IN ('pending', 'leased')
    RETURNING d.id
""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """One leased delivery with the exact bytes to send. `token` proves the lease when the outcome is recorded.

    The fields stand in the order of the statement's columns.
    """

    delivery_id: str
    token: UUID
    endpoint_id: str
    agency: str
    event_id: str
    body: bytes
    type: str
    direct: bool
    must_arrive: bool
    tries: int
    revision: int


def claim_deliveries(session: Session, now: datetime, limit: int, lease: timedelta = LEASE) -> list[ClaimedDelivery]:
    """Leases up to `limit` deliveries until `now + lease`, the most urgent first, fairly among endpoints.

    The claim is counted before any call is made: a payload that ends its worker is found by its count.
    """
    given = {
        "now": now,
        "lease": lease,
        "longest_probe": LONGEST_PROBE_WAIT,
        "most_lost": MOST_LOST_LEASES,
        "unsuspected": UNSUSPECTED,
        "waves": WAVES,
    }
    endpoints = session.scalars(_LOCK_ENDPOINTS, given).all()
    if not endpoints or limit <= 0:
        return []
    rows = session.execute(_LEASE_DELIVERIES, given | {"endpoints": list(endpoints), "limit": limit}).all()
    return [ClaimedDelivery(*leased) for *leased, _, _ in sorted(rows, key=lambda row: row[-2:])]


def is_still_owed(session: Session, claimed: ClaimedDelivery) -> bool:
    """Returns whether the call is still to be made: the lease is ours, and the reminder is not withdrawn."""
    found = session.scalar(_STILL_OWED, {"id": claimed.delivery_id, "token": claimed.token})
    return found is not None


def mark_poison(session: Session, now: datetime, lease: timedelta = LEASE) -> list[str]:
    """Sets deliveries aside that ended their worker every time, and returns their ids.

    One payload cannot stop the queue.
    """
    given = {"now": now, "lease": lease, "most_lost": MOST_LOST_LEASES}
    return list(session.scalars(_MARK_POISON, given))
