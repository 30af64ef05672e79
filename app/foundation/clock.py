"""Reads the clock. Nothing else does: everywhere else the time is an argument."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """The instant, in UTC."""
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
    """The civil date in Europe/London at an instant."""
    return at.astimezone(LONDON).date()


def london_instant(on: date, hour: int, minute: int = 0) -> datetime:
    """The UTC instant of a wall-clock time in London on a date."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=LONDON).astimezone(UTC)
