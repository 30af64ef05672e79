"""When a report was made, which is not when this service heard of it, and the school morning that follows."""

from datetime import date, datetime, timedelta
from typing import Protocol

from app.foundation.clock import london_date, london_instant
from app.routing.facts.snapshot.case import CaseSnapshot


class SchoolDays(Protocol):
    """The days on which schools may be open. No table here holds school holidays: working days stand in."""

    def add(self, start: date, days: int) -> date:
        """Returns the date `days` working days after `start`."""

    def is_open(self, on: date) -> bool:
        """Returns whether it is a working day."""


def own_time_of_report(case: CaseSnapshot, now: datetime) -> datetime:
    """Returns when the report that came at this instant was made: as told, else now.

    As the referral says; else the newest time at which one of its incidents was reported. What is decided later has
    heard of nothing new from that report, and its clocks run from then.
    """
    if case.referred_on is not None and case.received_at == now:
        # Of a day without an hour the end counts: the report was not made later than that.
        return min(now, london_instant(case.referred_on + timedelta(days=1), 0) - timedelta(seconds=1))
    reported = [one.reported_at for one in case.incidents or () if one.recorded_at == now]
    return min(now, max(reported, default=now))


def next_school_morning(after: datetime, opens: str, days: SchoolDays) -> datetime:
    """Returns the first instant after that time at which a school day begins, at the hour of the policy."""
    hour, minute = map(int, opens.split(":"))
    today = london_date(after)
    morning = london_instant(today, hour, minute)
    if days.is_open(today) and after < morning:
        return morning
    return london_instant(days.add(today, 1), hour, minute)
