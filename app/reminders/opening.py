"""When a digest may be said: on a working day, from nine o'clock in London. Pure."""

from datetime import date, datetime, timedelta

from app.foundation.clock import london_date, london_instant
from app.foundation.working_days import WorkingDays

OPENS_AT = 9  # o'clock in London


def opening_of(day: date) -> datetime:
    """Returns nine o'clock in London on that day, as an instant in UTC."""
    return london_instant(day, OPENS_AT)


def is_open(at: datetime, calendar: WorkingDays) -> bool:
    """Returns whether a digest may be said now."""
    day = london_date(at)
    return calendar.is_open(day) and at >= opening_of(day)


def next_opening(at: datetime, calendar: WorkingDays) -> datetime:
    """Returns the first nine o'clock of a working day that is not before `at`."""
    day = london_date(at)
    if at > opening_of(day):
        day += timedelta(days=1)
    return opening_of(calendar.on_or_after(day))


def opening_after(day: date, calendar: WorkingDays) -> datetime:
    """Returns nine o'clock of the first working day after `day`."""
    return opening_of(calendar.on_or_after(day + timedelta(days=1)))
