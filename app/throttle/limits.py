"""The limits: how many calls in how many seconds, and how a limit and what is left of it read in a header."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.foundation.settings import Settings

# A caller that keeps exactly to the figure is not refused because two clocks differ.
SLACK = 1.1


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in a window of so many seconds. `slack` is for callers who pace themselves by the figure."""

    name: str
    calls: int
    seconds: int
    slack: float = 1.0

    @property
    def most(self) -> int:
        """How many calls of a window are answered."""
        return int(self.calls * self.slack)

    def window_at(self, now: datetime) -> datetime:
        """Returns when the window began that this instant is in. All processes cut time at the same instants."""
        seconds = int(now.timestamp())
        return datetime.fromtimestamp(seconds - seconds % self.seconds, UTC)


@dataclass(frozen=True, slots=True)
class LimitUse:
    """What a caller has used of a limit: `calls` in the window that began then, the present one among them."""

    limit: Limit
    began: datetime
    calls: int

    @property
    def spent(self) -> bool:
        """Whether the present call is one too many."""
        return self.calls > self.limit.most

    @property
    def just_spent(self) -> bool:
        """Whether it is the first one too many of its window."""
        return self.calls == self.limit.most + 1

    def goes_on(self, now: datetime) -> bool:
        """Returns whether the window has not ended yet."""
        return now < self.began + timedelta(seconds=self.limit.seconds)

    def seconds_left(self, now: datetime) -> int:
        """Returns in how many seconds the window ends, one at least."""
        end = self.began + timedelta(seconds=self.limit.seconds)
        return max(1, -int(-(end - now).total_seconds() // 1))


def client_limit(settings: Settings) -> Limit:
    """Returns how much one client may call."""
    return Limit("client", settings.calls_a_minute, 60, SLACK)


def person_limit(settings: Settings) -> Limit:
    """Returns how much one person may do, over the API or on the pages."""
    return Limit("person", settings.calls_of_a_person_a_minute, 60, SLACK)


def search_limit(settings: Settings) -> Limit:
    """Returns how often one client may search for a person."""
    return Limit("person-search", settings.person_searches_a_minute, 60)


def sign_in_limit(settings: Settings) -> Limit:
    """Returns how many sign-ins may begin or end at one address."""
    return Limit("sign-in", settings.sign_ins_a_minute, 60)


def failure_limit(settings: Settings) -> Limit:
    """Returns how often an address may fail to prove who it is, before it is locked out until the window ends."""
    return Limit("failures", settings.failures_before_lock_out, settings.minutes_of_lock_out * 60)


def limit_headers(uses: Sequence[LimitUse], now: datetime) -> dict[str, str]:
    """Returns the limits and what is left of each, in the fields of the IETF draft `ratelimit-headers`."""
    if not uses:
        return {}
    policies = (f'"{one.limit.name}";q={one.limit.calls};w={one.limit.seconds}' for one in uses)
    left = (f'"{one.limit.name}";r={max(0, one.limit.calls - one.calls)};t={one.seconds_left(now)}' for one in uses)
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}
