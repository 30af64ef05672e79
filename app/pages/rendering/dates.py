"""Puts dates and times in words: British, in Europe/London, and without a time where none was set."""

from datetime import date, datetime, timedelta

from app.foundation.clock import LONDON, london_date

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def date_words(on: date) -> str:
    """Writes a date such as "4 June 2026"."""
    return f"{on.day} {on:%B %Y}"


def instant_words(at: datetime) -> str:
    """Writes an instant in London time, such as "4 June 2026 at 9:32am"."""
    there = at.astimezone(LONDON)
    half = "am" if there.hour < 12 else "pm"  # noqa: PLR2004 - noon
    return f"{date_words(there.date())} at {there.hour % 12 or 12}:{there:%M}{half}"


def until_words(at: datetime) -> str:
    """Says until when, as people do: a limit at midnight is the end of the day before."""
    there = at.astimezone(LONDON)
    if (there.hour, there.minute) == (0, 0):
        return f"the end of {date_words(there.date() - _DAY)}"
    return instant_words(at)


def due_words(due_on: date | None, due_at: datetime | None) -> str:
    """Returns the deadline as it was set: a date, or an instant for duties counted in hours."""
    if due_at is not None:
        return instant_words(due_at)
    assert due_on is not None  # noqa: S101 - an action has exactly one deadline
    return date_words(due_on)


def overdue_words(due_on: date | None, due_at: datetime | None, now: datetime) -> str:
    """Returns how late: in hours for the first two days of a duty counted in hours, otherwise in days."""
    if due_at is not None and now - due_at < 2 * _DAY:
        hours = (now - due_at) // _HOUR
        return f"Overdue by {_counted(hours, 'hour')}" if hours else "Overdue by less than an hour"
    last = due_on or london_date(due_at or now)
    return f"Overdue by {_counted((london_date(now) - last).days, 'day')}"


def upcoming_words(due_on: date | None, due_at: datetime | None, now: datetime) -> str:
    """Returns whether it is due today or tomorrow; an empty text for any later day."""
    on = due_on or london_date(due_at or now)
    return {0: "Due today", 1: "Due tomorrow"}.get((on - london_date(now)).days, "")


def _counted(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
