"""When each rung of a ladder fires, and who is told. Pure: a deadline and a calendar in, instants out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zlib import crc32

from app.foundation.clock import london_date
from app.foundation.working_days import WorkingDays
from app.reminders.deadline import Deadline
from app.reminders.opening import next_opening, opening_of

OWNERLESS_RUNG = 0
OWNER = "OWNER"
WEEK, OFFICE_WEEK = 7, 5


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the ladder file: exactly one of the three distances from the deadline, and who is told.

    `danger`: it is a call of its own at its hour, day or night; otherwise it is a line of the post's digest.
    """

    rung: int
    tells: tuple[str, ...]
    working_days: int | None = None
    days: int | None = None
    hours: int | None = None
    danger: bool = False

    @property
    def is_before_late(self) -> bool:
        """Returns whether it comes while the deadline can still be kept."""
        counted = (self.working_days, self.days)
        return any(n is not None and n <= 0 for n in counted) or (self.hours or 0) < 0


@dataclass(frozen=True, slots=True)
class LadderRepeat:
    """What follows the last step until somebody looks: every so many `days`, on days that the case fixes.

    `first_tells`: the first time tells others, and is the top of the ladder: it counts from the last step, whenever
    that was said.
    """

    tells: tuple[str, ...]
    days: int
    danger: bool = False
    first_tells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in order, what follows the last one, and the version that is stored with each timer."""

    version: str
    steps: tuple[LadderStep, ...]
    repeat: LadderRepeat

    @property
    def last_step(self) -> int:
        """Returns the rung of the last step. What is above it repeats until somebody looks."""
        return self.steps[-1].rung

    def is_below_top(self, rung: int) -> bool:
        """Returns whether the rung after this one is told to those whom the repeats leave out."""
        return rung <= self.last_step and bool(self.repeat.first_tells)


@dataclass(frozen=True, slots=True)
class Rung:
    """A step with its instant (UTC). `before_late`: the deadline can still be kept then."""

    number: int
    tells: tuple[str, ...]
    fire_at: datetime
    before_late: bool
    danger: bool


def rungs_of(ladder: Ladder, due: Deadline, calendar: WorkingDays) -> list[Rung]:
    """Returns every rung with the instant it fires at, in order."""
    return [
        Rung(step.rung, step.tells, _instant(step, due, calendar), step.is_before_late, step.danger)
        for step in ladder.steps
    ]


def repeated_rung(ladder: Ladder, above: int, fired_at: datetime, calendar: WorkingDays, case: str) -> Rung:
    """Returns the rung after `above`, the last one that fired. A ladder ends when somebody looks, never by itself.

    It comes on the days of the `case`, so that everything about one case is said together, and it counts from the
    moment that rung fired: after an outage there is one reminder and then a pause, not all those that were missed.
    Source: DHR "Jean" 14.2.16 (nobody looked, and nothing reminded of it).
    """
    repeat = ladder.repeat
    day = _day_of_case(london_date(fired_at), repeat.days, case)
    # A danger is said on closed days too.
    fire_at = opening_of(day if repeat.danger else calendar.on_or_after(day))
    tells = repeat.first_tells if ladder.is_below_top(above) else repeat.tells
    return Rung(above + 1, tells, fire_at, before_late=False, danger=repeat.danger)


def ownerless_rung(now: datetime, calendar: WorkingDays) -> Rung:
    """Returns the rung of something without an owner, which is in the co-ordinator's next digest, before any deadline.

    The event of the assignment has told the co-ordinator at once.
    """
    return Rung(OWNERLESS_RUNG, (OWNER,), next_opening(now, calendar), before_late=False, danger=False)


def _day_of_case(after: date, every: int, case: str) -> date:
    """Returns the first day after `after` that is one of the case's: every `every` days, and never a weekend if 7."""
    number = crc32(case.encode())
    # The first day of the calendar is a Monday with the number 1: five numbers are Monday to Friday.
    phase = 1 + number % OFFICE_WEEK if every == WEEK else number % every
    return after + timedelta(days=1 + (phase - after.toordinal() - 1) % every)


def _instant(step: LadderStep, due: Deadline, calendar: WorkingDays) -> datetime:
    if step.hours is not None:
        return _starts_at(due) + timedelta(hours=step.hours)
    if step.days is not None:
        return opening_of(_due_day(due) + timedelta(days=step.days))
    ahead = step.working_days or 0
    if ahead == 0:
        return opening_of(calendar.on_or_after(_due_day(due)))
    # Counted from the deadline itself: the morning after a Saturday is Monday's, when it has been late for two days.
    return opening_of(calendar.add(_due_day(due) if ahead < 0 else _last_morning_in_time(due), ahead))


def _starts_at(due: Deadline) -> datetime:
    return due.at or opening_of(_due_day(due))


def _due_day(due: Deadline) -> date:
    """Returns the day on which it is due; what is due at midnight is due by the end of the day before."""
    return due.on or london_date(due.passes_at - timedelta(microseconds=1))


def _last_morning_in_time(due: Deadline) -> date:
    """Returns the last day at whose nine o'clock the deadline has not passed."""
    day = _due_day(due)
    return day - timedelta(days=1) if due.passes_at <= opening_of(day) else day
