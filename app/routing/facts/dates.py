"""Civil dates in Europe/London, calendar months and UTC instants. No function reads a clock."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# Not the foundation's: routing imports nothing of the service, so that no clock and no database can reach a decision.
LONDON = ZoneInfo("Europe/London")
OPENING_HOUR = 9  # [I] a product default
# [I] How long back evidence counts that the risk has risen: the period of the level review (Jean review, 14.3.4).
EVIDENCE_MONTHS = 6


def london_date(instant: datetime) -> date:
    """Returns the civil date in Europe/London at an instant."""
    return instant.astimezone(LONDON).date()


def opening_of(day: date) -> datetime:
    """Returns the UTC instant at which offices open in London on that day. No MARAC sits before it."""
    return datetime(day.year, day.month, day.day, OPENING_HOUR, tzinfo=LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Returns the UTC instant at which the London day ends."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=LONDON).astimezone(UTC)


def months_before(day: date, months: int) -> date:
    """Returns the same day of the month that many months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def utc(instant: datetime) -> datetime:
    """Returns the same instant in UTC. Raises ValueError for an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant must carry its zone: {instant.isoformat()}")
    return instant.astimezone(UTC)
