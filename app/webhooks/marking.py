"""The statements that put outcomes on record, each for a whole batch at once: a row at a time would be the bottleneck."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK_OURS = text("""
    SELECT d.id FROM unnest(CAST(:ids AS text[]), CAST(:tokens AS uuid[])) AS ours (id, token)
    JOIN delivery d ON d.id = ours.id AND d.lease_token = ours.token
    WHERE d.state = 'leased' ORDER BY d.id FOR UPDATE OF d
""")
_ATTEMPT = {
    "id": "text",
    "delivery_id": "text",
    "endpoint_id": "text",
    "agency": "text",
    "number": "int",
    "revision": "int",
    "started_at": "timestamptz",
    "total_ms": "int",
    "peer_address": "text",
    "http_status": "int",
    "outcome": "text",
    "failed": "bool",
    "late": "bool",
}
_MARK = {
    "id": "text",
    "state": "text",
    "due_at": "timestamptz",
    "wait_seconds": "int",
    "tries": "int",
    "last_attempt_at": "timestamptz",
    "last_status": "int",
    "reason": "text",
}


def _arrays(columns: Mapping[str, str]) -> str:
    return ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in columns.items())


_KEEP_ATTEMPTS = text(
    f"INSERT INTO attempt ({', '.join(_ATTEMPT)}) SELECT * FROM unnest({_arrays(_ATTEMPT)})"  # noqa: S608 - constants
)
# A reminder that was withdrawn while its call was on the wire is not tried again.
_MARK_DELIVERIES = text(f"""
    UPDATE delivery d SET
        state = CASE WHEN v.state = 'pending' AND d.withdrawn IS NOT NULL THEN 'cancelled' ELSE v.state END,
        due_at = v.due_at, wait_seconds = v.wait_seconds, tries = v.tries, claims = 0, lease_until = NULL,
        lease_token = NULL, last_attempt_at = v.last_attempt_at, last_status = v.last_status, reason = v.reason
    FROM unnest({_arrays(_MARK)}) AS v ({", ".join(_MARK)})
    WHERE d.id = v.id
""")  # noqa: S608 - constants


def lock_ours(session: Session, tokens: Mapping[str, UUID]) -> set[str]:
    """The deliveries whose lease is still the one we were given, locked in one order so that nobody deadlocks."""
    given = {"ids": list(tokens), "tokens": list(tokens.values())}
    return set(session.scalars(_LOCK_OURS, given))


def keep_attempts(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """The attempts are on record."""
    if rows:
        session.execute(_KEEP_ATTEMPTS, {name: [row[name] for row in rows] for name in _ATTEMPT})


def mark_deliveries(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """The deliveries, locked before, stand as their outcomes say; their leases are over."""
    if rows:
        session.execute(_MARK_DELIVERIES, {name: [row[name] for row in rows] for name in _MARK})
