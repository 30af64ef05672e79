"""Reads the clock. Nothing else does: everywhere else the time is an argument."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
TICK = timedelta(microseconds=1)  # the smallest difference that PostgreSQL stores


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Returns the instant, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SettableClock:
    """A clock that stands still until it is set: for replays, demonstrations and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Sets the clock to `at`."""
        self._at = at


def london_date(at: datetime) -> date:
    """Returns the civil date in Europe/London at an instant."""
    # In summer the UTC date is still the day before for the first hour after midnight.
    return at.astimezone(LONDON).date()


def london_instant(on: date, hour: int, minute: int = 0) -> datetime:
    """Returns the UTC instant of a wall-clock time in London on a date."""
    # With the offset of that very date: nine o'clock stays nine o'clock on both sides of a clock change.
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def instant_text(at: datetime) -> str:
    """Returns the instant in UTC as JSON carries it, such as `2026-10-25T09:30:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
