"""An endpoint's health: how its calls have ended, its circuit breaker, its pause. Pure: outcomes in, health out.

An open breaker holds the endpoint's calls and lets one through now and then; a failure meanwhile uses up no try of its
delivery. Only a person ends a pause.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.webhooks.delivery.retry import PROBE_WAITS, probe_wait
from app.webhooks.vocabulary import EndpointStatus, Outcome

OPENS_AFTER = 10
WINDOW, WINDOW_CALLS, WINDOW_FAILED_PER_CENT = timedelta(minutes=5), 20, 70
LONGEST_PROBE_WAIT = timedelta(seconds=PROBE_WAITS[-1])
PAUSES_AFTER = timedelta(hours=120)
GONE = "the receiver answered 410 Gone"
FAILING = f"every call has failed for {PAUSES_AFTER // timedelta(hours=1)} hours"


@dataclass(frozen=True, slots=True)
class EndpointHealth:
    """`breaker_step` 0 is closed; n is the n-th wait of an open breaker, which lets one call through at `probe_at`."""

    status: str
    status_reason: str
    status_since: datetime
    consecutive_failures: int
    first_failure_at: datetime | None
    breaker_step: int
    probe_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.breaker_step > 0


@dataclass(frozen=True, slots=True)
class RecentCalls:
    """The newest calls of the last five minutes, at most twenty: how many, and how many of them failed."""

    calls: int
    failed: int

    @property
    def mostly_fails(self) -> bool:
        return self.calls >= WINDOW_CALLS and self.failed * 100 >= self.calls * WINDOW_FAILED_PER_CENT


def health_after_resume(now: datetime) -> EndpointHealth:
    """Returns the health of an endpoint that a person has resumed: no failure counts any more."""
    return EndpointHealth(EndpointStatus.ACTIVE, "resumed", now, 0, None, 0, None)


def health_after_outcome(
    health: EndpointHealth, outcome: Outcome, recent: RecentCalls, now: datetime
) -> EndpointHealth:
    """Returns the health after one more outcome."""
    if outcome is Outcome.RECEIVED and not health.consecutive_failures and not health.is_open:
        return health
    if outcome is Outcome.RECEIVED:
        return replace(health, consecutive_failures=0, first_failure_at=None, breaker_step=0, probe_at=None)
    failing = replace(
        health,
        consecutive_failures=health.consecutive_failures + 1,
        first_failure_at=health.first_failure_at or now,
    )
    if failing.status != EndpointStatus.ACTIVE:
        return failing
    # Webhooks elsewhere end at a 410. These carry safety reminders: they are kept, and a person hears of it.
    if outcome is Outcome.GONE:
        return _paused(failing, GONE, now)
    if failing.first_failure_at and now - failing.first_failure_at >= PAUSES_AFTER:
        return _paused(failing, FAILING, now)
    return _with_breaker(failing, recent, now)


def _paused(health: EndpointHealth, reason: str, now: datetime) -> EndpointHealth:
    return replace(health, status=EndpointStatus.PAUSED, status_reason=reason, status_since=now)


def _with_breaker(health: EndpointHealth, recent: RecentCalls, now: datetime) -> EndpointHealth:
    # A call that was on its way when the breaker opened is no probe. A wait beyond the longest is a step of the clock.
    if health.is_open and health.probe_at and now < health.probe_at <= now + LONGEST_PROBE_WAIT:
        return health
    if health.is_open or health.consecutive_failures >= OPENS_AFTER or recent.mostly_fails:
        step = health.breaker_step + 1
        return replace(health, breaker_step=step, probe_at=now + timedelta(seconds=probe_wait(step)))
    return health
