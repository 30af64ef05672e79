"""What came of the calls goes on record: the attempt always, the rest only while the lease was ours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, and_, bindparam, case, insert, select, tuple_, update
from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.vocabulary import EventType
from app.webhooks.alarms import alarm_about_endpoint, close_when_delivered, open_stuck
from app.webhooks.health import WINDOW, WINDOW_CALLS, Health, Recent, after_outcomes
from app.webhooks.models import Attempt, Delivery, Endpoint
from app.webhooks.queue import Claimed
from app.webhooks.retry import seconds_asked, wait_after
from app.webhooks.sending import Sent
from app.webhooks.words import DeliveryState, EndpointStatus, Outcome, WorkKind

MOST_DIRECT_TRIES = 4
HEALTH = (
    "status",
    "status_reason",
    "status_since",
    "consecutive_failures",
    "first_failure_at",
    "breaker_step",
    "probe_at",
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A call that was made (or withdrawn just before), against which revision of its endpoint, and when it began."""

    claimed: Claimed
    sent: Sent
    revision: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one delivery."""

    state: DeliveryState
    wait_seconds: int
    tries: int


def record(session: Session, finished: Sequence[Finished], now: datetime) -> int:
    """How many outcomes counted. A late one (its lease had passed on) is kept as an attempt and changes nothing."""
    ours = _still_leased(session, finished)
    _keep_attempts(session, finished, ours)
    by_endpoint: dict[str, list[Finished]] = defaultdict(list)
    for one in finished:
        if one.claimed.delivery_id in ours:
            by_endpoint[one.claimed.endpoint_id].append(one)
    for endpoint_id in sorted(by_endpoint):
        _record_for_endpoint(session, endpoint_id, by_endpoint[endpoint_id], now)
    return len(ours)


def verdict_on(one: Finished, now: datetime, *, uses_up_a_try: bool) -> Verdict:
    """Done, or again after a wait, or the end of the ladder. Pure."""
    claimed, sent = one.claimed, one.sent
    if sent.outcome is Outcome.RECEIVED:
        return Verdict(DeliveryState.DONE, 0, claimed.tries + 1)
    if sent.outcome is Outcome.WITHDRAWN:
        return Verdict(DeliveryState.CANCELLED, 0, claimed.tries)
    if not uses_up_a_try:
        return Verdict(DeliveryState.PENDING, 0, claimed.tries)
    tries = claimed.tries + 1
    wait = wait_after(tries, claimed.delivery_id, seconds_asked(sent.retry_after, now))
    if wait is None or (claimed.direct and tries >= MOST_DIRECT_TRIES):
        return Verdict(DeliveryState.EXHAUSTED, 0, tries)
    return Verdict(DeliveryState.PENDING, wait, tries)


def _still_leased(session: Session, finished: Sequence[Finished]) -> set[str]:
    tokens = [(one.claimed.delivery_id, one.claimed.token) for one in finished]
    rows = session.scalars(
        select(Delivery.id)
        .where(tuple_(Delivery.id, Delivery.lease_token).in_(tokens), Delivery.state == DeliveryState.LEASED)
        .order_by(Delivery.id)
        .with_for_update()
    )
    return set(rows)


def _keep_attempts(session: Session, finished: Sequence[Finished], ours: set[str]) -> None:
    made = [one for one in finished if one.sent.outcome is not Outcome.WITHDRAWN]
    if made:
        session.execute(
            insert(Attempt), [_attempt(one, late=one.claimed.delivery_id not in ours) for one in made]
        )


def _attempt(one: Finished, *, late: bool) -> dict[str, Any]:
    return {
        "id": new_id("att"),
        "delivery_id": one.claimed.delivery_id,
        "endpoint_id": one.claimed.endpoint_id,
        "agency": one.claimed.agency,
        "number": one.claimed.tries + 1,
        "revision": one.revision,
        "started_at": one.started_at,
        "total_ms": one.sent.total_ms,
        "peer_address": one.sent.peer_address,
        "http_status": one.sent.http_status,
        "outcome": one.sent.outcome,
        "failed": one.sent.failed,
        "late": late,
    }


def _record_for_endpoint(
    session: Session, endpoint_id: str, finished: Sequence[Finished], now: datetime
) -> None:
    endpoint = session.scalars(
        select(Endpoint).where(Endpoint.id == endpoint_id).with_for_update(key_share=True)
    ).one()
    before = _health_of(endpoint)
    counted = [
        one for one in finished if not one.claimed.direct and one.sent.outcome is not Outcome.WITHDRAWN
    ]
    after = before
    if counted:
        recent = (
            _recent(session, endpoint_id, now) if any(one.sent.failed for one in counted) else Recent(0, 0)
        )
        after = after_outcomes(before, [one.sent.outcome for one in counted], recent, now)
    after = _verified(endpoint, after, finished, now)
    for name in HEALTH:
        setattr(endpoint, name, getattr(after, name))
    uses_up = after.status == EndpointStatus.ACTIVE and not before.is_open
    verdicts = {
        one.claimed.delivery_id: verdict_on(one, now, uses_up_a_try=uses_up or one.claimed.direct)
        for one in finished
    }
    _mark(session, finished, verdicts, now)
    alarm_about_endpoint(session, endpoint, before, [one.sent.outcome for one in counted], now)
    close_when_delivered(session, [one.claimed for one in finished if not one.sent.failed], now)
    ended = [i for i, verdict in verdicts.items() if verdict.state is DeliveryState.EXHAUSTED]
    open_stuck(session, WorkKind.EXHAUSTED, ended, now)


def _recent(session: Session, endpoint_id: str, now: datetime) -> Recent:
    failed = session.scalars(
        select(Attempt.failed)
        .where(
            Attempt.endpoint_id == endpoint_id, Attempt.started_at > now - WINDOW, Attempt.started_at <= now
        )
        .order_by(Attempt.started_at.desc())
        .limit(WINDOW_CALLS)
    ).all()
    return Recent(len(failed), sum(failed))


def _verified(endpoint: Endpoint, health: Health, finished: Sequence[Finished], now: datetime) -> Health:
    """Active, when this very revision of the endpoint has echoed the challenge."""
    proven = any(
        one.claimed.type == EventType.ENDPOINT_VERIFY
        and not one.sent.failed
        and one.revision == endpoint.revision
        for one in finished
    )
    if not proven or endpoint.status != EndpointStatus.UNVERIFIED:
        return health
    endpoint.verified_at = now
    return replace(health, status=EndpointStatus.ACTIVE, status_reason="verified", status_since=now)


def _mark(
    session: Session, finished: Sequence[Finished], verdicts: Mapping[str, Verdict], now: datetime
) -> None:
    """A reminder that was withdrawn while its call was on the wire is not tried again."""
    session.connection().execute(
        _MARK, [_marked(one, verdicts[one.claimed.delivery_id], now) for one in finished]
    )


_goes_on = bindparam("to_state") == DeliveryState.PENDING.value
_MARK = (
    update(Delivery)
    .where(Delivery.id == bindparam("of_id"))
    .values(
        state=case(
            (and_(_goes_on, Delivery.withdrawn.is_not(None)), "cancelled"),
            else_=bindparam("to_state", type_=Text),
        ),
        due_at=bindparam("to_due_at"),
        wait_seconds=bindparam("to_wait"),
        tries=bindparam("to_tries"),
        claims=0,
        lease_until=None,
        lease_token=None,
        last_attempt_at=bindparam("to_attempt_at"),
        last_status=bindparam("to_status"),
        reason=bindparam("to_reason"),
    )
)


def _marked(one: Finished, verdict: Verdict, now: datetime) -> dict[str, Any]:
    return {
        "of_id": one.claimed.delivery_id,
        "to_state": verdict.state.value,
        "to_due_at": now + timedelta(seconds=verdict.wait_seconds),
        "to_wait": verdict.wait_seconds,
        "to_tries": verdict.tries,
        "to_attempt_at": one.started_at,
        "to_status": one.sent.http_status,
        "to_reason": one.sent.outcome.value,
    }


def _health_of(endpoint: Endpoint) -> Health:
    return Health(**{name: getattr(endpoint, name) for name in HEALTH})
