"""What came of the calls goes on record: the attempt always, the rest only while the lease was ours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.vocabulary import EventType
from app.webhooks.delivery.alarms import alarm_about_endpoint, close_when_delivered, open_stuck
from app.webhooks.delivery.endpoint_health import WINDOW, WINDOW_CALLS, EndpointHealth, Recent, after_outcome
from app.webhooks.delivery.outcome_statements import keep_outcomes, lock_ours
from app.webhooks.delivery.queue import Claimed
from app.webhooks.delivery.retry import seconds_asked, wait_after
from app.webhooks.delivery.sending import CallResult
from app.webhooks.models import Attempt, Endpoint
from app.webhooks.vocabulary import NOT_MADE, DeliveryState, EndpointStatus, Outcome, WorkKind

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
    sent: CallResult
    revision: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryUpdate:
    """What becomes of one delivery."""

    state: DeliveryState
    wait_seconds: int
    tries: int


def record(session: Session, finished: Sequence[Finished], now: datetime) -> int:
    """How many outcomes counted. A late one (its lease had passed on) is kept as an attempt and changes nothing."""
    ours = lock_ours(session, [(one.claimed.delivery_id, one.claimed.token) for one in finished])
    counted = [one for one in finished if one.claimed.token in ours]
    verdicts = {one.claimed.token: verdict_on(one, now, uses_up_a_try=True) for one in counted}
    touched = {one.claimed.endpoint_id for one in counted if ours[one.claimed.token] or _tells_of_health(one)}
    for endpoint in _lock_endpoints(session, touched):
        its_own = [one for one in counted if one.claimed.endpoint_id == endpoint.id]
        verdicts |= _judge(session, endpoint, its_own, now)
    keep_outcomes(session, [_outcome(one, verdicts.get(one.claimed.token)) for one in finished], now)
    exhausted = [one for one in counted if verdicts[one.claimed.token].state is DeliveryState.EXHAUSTED]
    open_stuck(session, WorkKind.EXHAUSTED, [one.claimed.delivery_id for one in exhausted], now)
    close_when_delivered(session, [one.claimed for one in counted if not one.sent.failed], now)
    return len(counted)


def verdict_on(one: Finished, now: datetime, *, uses_up_a_try: bool) -> DeliveryUpdate:
    """Done, or again after a wait, or the end of the ladder. Pure."""
    claimed, sent = one.claimed, one.sent
    if sent.outcome is Outcome.RECEIVED:
        return DeliveryUpdate(DeliveryState.DONE, 0, claimed.tries + 1)
    if sent.outcome is Outcome.WITHDRAWN:
        return DeliveryUpdate(DeliveryState.CANCELLED, 0, claimed.tries)
    if not uses_up_a_try or sent.outcome is Outcome.SUPERSEDED:
        return DeliveryUpdate(DeliveryState.PENDING, 0, claimed.tries)
    tries = claimed.tries + 1
    wait = wait_after(tries, claimed.delivery_id, seconds_asked(sent.retry_after, now))
    if wait is None or (claimed.direct and tries >= MOST_DIRECT_TRIES):
        return DeliveryUpdate(DeliveryState.EXHAUSTED, 0, tries)
    return DeliveryUpdate(DeliveryState.PENDING, wait, tries)


def _tells_of_health(one: Finished) -> bool:
    """Whether this outcome may change its endpoint: a failure, and a verification that was answered.

    Where all is well and every call is received nothing changes, and workers need not wait for each other.
    """
    return one.claimed.direct or one.sent.failed


def _lock_endpoints(session: Session, ids: Collection[str]) -> Sequence[Endpoint]:
    """The endpoints, locked in one order. Deliveries may still be added for them."""
    if not ids:
        return []
    return session.scalars(
        select(Endpoint).where(Endpoint.id.in_(ids)).order_by(Endpoint.id).with_for_update(key_share=True)
    ).all()


def _outcome(one: Finished, verdict: DeliveryUpdate | None) -> dict[str, Any]:
    claimed, sent = one.claimed, one.sent
    return {
        "delivery_id": claimed.delivery_id,
        "endpoint_id": claimed.endpoint_id,
        "agency": claimed.agency,
        "number": claimed.tries + 1,
        "revision": one.revision,
        "started_at": str(one.started_at),
        "total_ms": sent.total_ms,
        "peer_address": sent.peer_address,
        "http_status": sent.http_status,
        "outcome": sent.outcome,
        "state": verdict and verdict.state,
        "wait_seconds": verdict and verdict.wait_seconds,
        "tries": verdict and verdict.tries,
    }


def _judge(
    session: Session, endpoint: Endpoint, finished: Sequence[Finished], now: datetime
) -> dict[UUID, DeliveryUpdate]:
    """What becomes of each of an endpoint's deliveries, by its lease; its health, and any alarm, is on record."""
    before = health = _health_of(endpoint)
    counted = [one for one in finished if _says_something(one)]
    recent = _recent(session, endpoint.id, now) if any(one.sent.failed for one in counted) else Recent(0, 0)
    verdicts = {}
    for one in finished:
        was = health
        health = after_outcome(health, one.sent.outcome, recent, now) if _says_something(one) else health
        uses_up = one.claimed.direct or not (was.is_open or health.status != EndpointStatus.ACTIVE)
        verdicts[one.claimed.token] = verdict_on(one, now, uses_up_a_try=uses_up)
    health = _verified(endpoint, health, finished, now)
    for name in HEALTH:
        setattr(endpoint, name, getattr(health, name))
    alarm_about_endpoint(session, endpoint, before, [one.sent.outcome for one in counted], now)
    return verdicts


def _says_something(one: Finished) -> bool:
    """Whether an outcome tells of the endpoint's health: a verification, a test or a call that was not made does not."""
    return not one.claimed.direct and one.sent.outcome not in NOT_MADE


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


def _verified(
    endpoint: Endpoint, health: EndpointHealth, finished: Sequence[Finished], now: datetime
) -> EndpointHealth:
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


def _health_of(endpoint: Endpoint) -> EndpointHealth:
    return EndpointHealth(**{name: getattr(endpoint, name) for name in HEALTH})
