"""Working days of England, and of Wales: Monday to Friday less bank holidays, from a frozen table.

The table is computed once per calendar version, so that a due date of 2026 still reads the same in 2030.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from holidays.version import __version__ as holidays_version

from app.vocabulary import Nation

# Outside these years the table holds no bank holiday, and every Monday to Friday would count as a working day.
FIRST_YEAR, LAST_YEAR = 2010, 2040
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A nation's calendar: the closed days other than weekends, and where the table came from."""

    version: str
    closed: frozenset[date]

    def is_open(self, on: date) -> bool:
        return on.weekday() < SATURDAY and on not in self.closed

    def on_or_after(self, on: date) -> date:
        """Returns the first working day that is not before `on`."""
        while not self.is_open(on):
            on += timedelta(days=1)
        return on

    def add(self, start: date, days: int) -> date:
        """Returns the date `days` working days after `start` (before it, when negative).

        Counting starts the day after.
        """
        step = timedelta(days=1 if days >= 0 else -1)
        left = abs(days)
        while left:
            start += step
            left -= self.is_open(start)
        return start

    def between(self, start: date, end: date) -> int:
        """Returns how many working days lie after `start`, up to and including `end`.

        Source: DHR "Jean" 14.2.12-13 (4 August to 30 August 2018 is 18).
        """
        return sum(self.is_open(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


@lru_cache
def working_days_of(nation: Nation) -> WorkingDays:
    """Returns the calendar of the nation."""
    bank_holidays = holidays.country_holidays("GB", subdiv=nation, years=range(FIRST_YEAR, LAST_YEAR + 1))
    version = f"GB-{nation} holidays-{holidays_version} {FIRST_YEAR}-{LAST_YEAR}"
    return WorkingDays(version, frozenset(bank_holidays))
