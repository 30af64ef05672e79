"""Records the outcomes of calls: the attempt always, everything else only while the lease was ours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.actions.outcomes.notice_receipt import BY_A_SYSTEM, receive_carried
from app.foundation.caller import SYSTEM
from app.foundation.storage.transaction import Transaction
from app.vocabulary import EventType
from app.webhooks.delivery.alarms import (
    close_delivered_reminders,
    open_endpoint_alarms,
    open_stopped_deliveries,
)
from app.webhooks.delivery.endpoint_health import (
    WINDOW,
    WINDOW_CALLS,
    EndpointHealth,
    RecentCalls,
    health_after_outcome,
)
from app.webhooks.delivery.outcome_statements import lock_leased, store_outcomes
from app.webhooks.delivery.queue import ClaimedDelivery
from app.webhooks.delivery.retry import seconds_asked, wait_after
from app.webhooks.delivery.sending import CallResult
from app.webhooks.delivery_repository import newest_failures
from app.webhooks.models import Endpoint
from app.webhooks.repository import endpoints_for_change
from app.webhooks.vocabulary import (
    OUTCOMES_WITHOUT_A_CALL,
    DeliveryState,
    EndpointStatus,
    Outcome,
    WorkKind,
)

# A person waits for a verification or a test: it is given up after minutes, not after days.
MOST_DIRECT_TRIES = 4
HEALTH_COLUMNS = (
    "status",
    "status_reason",
    "status_since",
    "consecutive_failures",
    "first_failure_at",
    "breaker_step",
    "probe_at",
)


@dataclass(frozen=True, slots=True)
class FinishedCall:
    """A call that was made, or given up just before. `revision`: of the endpoint as it was called."""

    claimed: ClaimedDelivery
    sent: CallResult
    revision: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryUpdate:
    """What becomes of one delivery."""

    state: DeliveryState
    wait_seconds: int
    tries: int


def record_outcomes(session: Session, finished: Sequence[FinishedCall], now: datetime) -> int:
    """Records the outcomes and returns how many counted.

    A late one, whose lease is over, is kept as an attempt and changes nothing: but its receiver has the event.
    """
    # Before a delivery is locked: a decision locks its case first, and may withdraw deliveries afterwards.
    receive_carried(Transaction(session, SYSTEM, now), _taken_work(finished), BY_A_SYSTEM)
    leased = lock_leased(session, [(one.claimed.delivery_id, one.claimed.token) for one in finished])
    counted = [one for one in finished if one.claimed.token in leased]
    updates = {one.claimed.token: delivery_update(one, now, uses_up_a_try=True) for one in counted}
    touched = {one.claimed.endpoint_id for one in counted if leased[one.claimed.token] or _may_change_endpoint(one)}
    # Deliveries first, then endpoints. A claim goes the other way round but skips what is locked, so none deadlock.
    for endpoint in endpoints_for_change(session, touched):
        its_own = [one for one in counted if one.claimed.endpoint_id == endpoint.id]
        updates |= _apply_to_endpoint(session, endpoint, its_own, now)
    store_outcomes(session, [_outcome_row(one, updates.get(one.claimed.token)) for one in finished], now)
    exhausted = [
        one.claimed.delivery_id for one in counted if updates[one.claimed.token].state is DeliveryState.EXHAUSTED
    ]
    open_stopped_deliveries(session, WorkKind.EXHAUSTED, exhausted, now)
    close_delivered_reminders(session, [one.claimed for one in counted if not one.sent.failed], now)
    return len(counted)


def _taken_work(finished: Sequence[FinishedCall]) -> set[tuple[str, str]]:
    """Returns the (event, agency) of each call that told an agency of its work and was received."""
    return {
        (one.claimed.event_id, one.claimed.agency)
        for one in finished
        if one.claimed.type == EventType.WORK_ASSIGNED and one.sent.outcome is Outcome.RECEIVED
    }


def delivery_update(one: FinishedCall, now: datetime, *, uses_up_a_try: bool) -> DeliveryUpdate:
    """Returns the update of a delivery: done, waiting for another try, or without tries left. Pure."""
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


def _may_change_endpoint(one: FinishedCall) -> bool:
    """Returns whether this outcome may change its endpoint: a failure, or a verification that was answered.

    While every call is received nothing changes, so workers need not wait for each other's lock on the endpoint.
    """
    return one.claimed.direct or one.sent.failed


def _outcome_row(one: FinishedCall, update: DeliveryUpdate | None) -> dict[str, Any]:
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
        "state": update and update.state,
        "wait_seconds": update and update.wait_seconds,
        "tries": update and update.tries,
    }


def _apply_to_endpoint(
    session: Session, endpoint: Endpoint, finished: Sequence[FinishedCall], now: datetime
) -> dict[UUID, DeliveryUpdate]:
    """Stores the endpoint's new health and any alarm; returns what becomes of each delivery, by its lease's token."""
    before = health = _health_of(endpoint)
    counted = [one for one in finished if _tells_of_health(one)]
    any_failed = any(one.sent.failed for one in counted)
    recent = _recent_calls(session, endpoint.id, now) if any_failed else RecentCalls(0, 0)
    updates = {}
    for one in finished:
        was = health
        if _tells_of_health(one):
            health = health_after_outcome(health, one.sent.outcome, recent, now)
        # While the breaker is open or the endpoint is paused, a failure says nothing about this delivery.
        uses_up = one.claimed.direct or not (was.is_open or health.status != EndpointStatus.ACTIVE)
        updates[one.claimed.token] = delivery_update(one, now, uses_up_a_try=uses_up)
    health = _after_verification(endpoint, health, finished, now)
    for name in HEALTH_COLUMNS:
        setattr(endpoint, name, getattr(health, name))
    open_endpoint_alarms(session, endpoint, before, [one.sent.outcome for one in counted], now)
    return updates


def _tells_of_health(one: FinishedCall) -> bool:
    """Returns whether an outcome counts for its endpoint's health.

    A verification, a test and a call not made do not.
    """
    return not one.claimed.direct and one.sent.outcome not in OUTCOMES_WITHOUT_A_CALL


def _recent_calls(session: Session, endpoint_id: str, now: datetime) -> RecentCalls:
    failed = newest_failures(session, endpoint_id, now - WINDOW, now, WINDOW_CALLS)
    return RecentCalls(len(failed), sum(failed))


def _after_verification(
    endpoint: Endpoint, health: EndpointHealth, finished: Sequence[FinishedCall], now: datetime
) -> EndpointHealth:
    """Returns active when this very revision of the endpoint has echoed the challenge; otherwise the status as it is.

    An echo from the old address must not verify the new one.
    """
    proven = any(
        one.claimed.type == EventType.ENDPOINT_VERIFY and not one.sent.failed and one.revision == endpoint.revision
        for one in finished
    )
    if not proven or endpoint.status != EndpointStatus.UNVERIFIED:
        return health
    endpoint.verified_at = now
    return replace(health, status=EndpointStatus.ACTIVE, status_reason="verified", status_since=now)


def _health_of(endpoint: Endpoint) -> EndpointHealth:
    return EndpointHealth(**{name: getattr(endpoint, name) for name in HEALTH_COLUMNS})
