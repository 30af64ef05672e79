"""The two statements that store outcomes, each for a whole batch: a row at a time would be the bottleneck."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# A row has a token only while it is leased. LATERAL looks the rows up by id one at a time: the planner's statistics do
# not know leases this young, and a join could read the whole queue.
_LOCK_LEASED = text("""
    SELECT mine.lease_token, e.consecutive_failures > 0 OR e.breaker_step > 0 AS unwell
    FROM unnest(string_to_array(:ids, ','), CAST(string_to_array(:tokens, ',') AS uuid[])) AS ours (id, token)
    CROSS JOIN LATERAL (
        SELECT d.lease_token, d.endpoint_id FROM delivery d
        WHERE d.id = ours.id AND d.lease_token = ours.token FOR UPDATE) AS mine
    JOIN webhook_endpoint e ON e.id = mine.endpoint_id
""")
# Every call that was made is kept as an attempt. A null state means that the lease was over: the delivery stays
# as it is. A reminder that was withdrawn while its call was on the wire is not tried again.
_STORE = text("""
    WITH outcome AS (
        SELECT * FROM json_to_recordset(CAST(:outcomes AS json)) AS row (
            delivery_id text, endpoint_id text, agency text, number int, revision int, started_at timestamptz,
            total_ms int, peer_address text, http_status int, outcome text, state text, wait_seconds int, tries int)
    ), kept AS (
        INSERT INTO attempt (id, delivery_id, endpoint_id, agency, number, revision, started_at, total_ms,
                             peer_address, http_status, outcome, failed, late)
        SELECT 'att_' || replace(gen_random_uuid()::text, '-', ''), delivery_id, endpoint_id, agency, number,
               revision, started_at, total_ms, peer_address, http_status, outcome, outcome <> 'received',
               state IS NULL
        FROM outcome WHERE outcome NOT IN ('withdrawn', 'superseded')
    )
    UPDATE delivery d
    SET state = CASE WHEN o.state = 'pending' AND d.withdrawn IS NOT NULL THEN 'cancelled' ELSE o.state END,
        due_at = :now + o.wait_seconds * interval '1 second', wait_seconds = o.wait_seconds, tries = o.tries,
        claims = 0, lease_until = NULL, lease_token = NULL, last_attempt_at = o.started_at,
        last_status = o.http_status, reason = o.outcome
    FROM outcome o WHERE d.id = o.delivery_id AND o.state IS NOT NULL
""")


def lock_leased(session: Session, leases: Sequence[tuple[str, UUID]]) -> dict[UUID, bool]:
    """Returns whether the endpoint is unwell, by the token of each lease that is still ours.

    `leases`: delivery id and token.

    The deliveries are locked in the order of their ids, the same for all workers, so that none deadlock.
    """
    ordered = sorted(leases)
    ids, tokens = ",".join(one for one, _ in ordered), ",".join(str(token) for _, token in ordered)
    found = session.execute(_LOCK_LEASED, {"ids": ids, "tokens": tokens})
    return dict(iter(found))


def store_outcomes(session: Session, outcomes: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Stores the attempts, updates the deliveries (which `lock_leased` has locked), and ends their leases."""
    session.execute(_STORE, {"outcomes": json.dumps(outcomes), "now": now})
