"""When each rung of a ladder fires, and who is told. Pure: a deadline and a calendar in, instants out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zlib import crc32

from app.foundation.clock import london_date, london_instant
from app.foundation.working_days import WorkingDays
from app.reminders.deadline import Deadline

OFFICE_OPENS_AT = 9  # o'clock in London
SPREAD_SECONDS = 900
OWNERLESS_RUNG = 0
OWNER = "OWNER"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder file: exactly one of the three distances from the deadline, and who is told."""

    rung: int
    tells: tuple[str, ...]
    working_days: int | None = None
    days: int | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """What follows the last step until somebody looks.

    It has exactly one distance from the reminder before, and says who is told.
    """

    tells: tuple[str, ...]
    working_days: int | None = None
    days: int | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in order, what follows the last one, and the version that is stored with each timer."""

    version: str
    steps: tuple[Step, ...]
    repeat: Repeat


@dataclass(frozen=True, slots=True)
class Rung:
    """A step with its instant (UTC). `before_due` marks the reminder that comes ahead of the deadline."""

    number: int
    tells: tuple[str, ...]
    fire_at: datetime
    before_due: bool


def rungs_of(ladder: Ladder, due: Deadline, calendar: WorkingDays, spread_by: str) -> list[Rung]:
    """Returns every rung with the instant it fires at, in order; of two at the same instant the earlier number stays.

    `spread_by` (the subject's id) moves the 09:00 rungs into the quarter of an hour before, always to the same
    second, so that a thousand deadlines on one day are not one burst; never later than 09:00.
    """
    found: list[Rung] = []
    for step in ladder.steps:
        # On an ordinary day `days = 0` and `working_days = 0` meet: one reminder, not two.
        fire_at = _instant(step, due, calendar, spread_by)
        if all(fire_at != rung.fire_at for rung in found):
            found.append(Rung(step.rung, step.tells, fire_at, before_due=_is_before_due(step)))
    return found


def repeated_rung(ladder: Ladder, above: int, fired_at: datetime, calendar: WorkingDays, spread_by: str) -> Rung:
    """Returns the rung after `above`, the last one that fired. A ladder ends when somebody looks, never by itself.

    The distance counts from the moment that rung fired: after an outage there is one reminder and then a pause, not
    all the reminders that were missed. Source: DHR "Jean" 14.2.16 (nobody looked, and nothing reminded of it).
    """
    repeat, today = ladder.repeat, london_date(fired_at)
    if repeat.hours is not None:
        fire_at = fired_at + timedelta(hours=repeat.hours)
    elif repeat.days is not None:
        fire_at = _at_nine(today + timedelta(days=repeat.days), spread_by)
    else:
        fire_at = _at_nine(calendar.add(today, repeat.working_days or 1), spread_by)
    return Rung(above + 1, repeat.tells, fire_at, before_due=False)


def ownerless_rung(now: datetime) -> Rung:
    """Returns the rung of something without an owner, which goes to the co-ordinator at once, before any deadline."""
    return Rung(OWNERLESS_RUNG, (OWNER,), now, before_due=False)


def highest_first(rungs: Sequence[int]) -> tuple[int, list[int]]:
    """Returns the highest of several passed rungs, and the others, which are merged into it."""
    ordered = sorted(rungs, reverse=True)
    return ordered[0], sorted(ordered[1:])


def _is_before_due(step: Step) -> bool:
    return any((n or 0) < 0 for n in (step.working_days, step.days, step.hours))


def _at_nine(day: date, spread_by: str) -> datetime:
    return london_instant(day, OFFICE_OPENS_AT) - _early(spread_by)


def _early(spread_by: str) -> timedelta:
    return timedelta(seconds=crc32(spread_by.encode()) % (SPREAD_SECONDS + 1))


def _instant(step: Step, due: Deadline, calendar: WorkingDays, spread_by: str) -> datetime:
    day, starts_at = _date_and_instant(due)
    if step.hours is not None:
        return starts_at + timedelta(hours=step.hours)
    if due.at is not None and not (step.working_days or step.days):
        return due.at
    if step.days is not None:
        return _at_nine(day + timedelta(days=step.days), spread_by)
    # The deadline itself never moves, but distances count from the first open day: nobody is at work on a closed one.
    first_open = calendar.on_or_after(day)
    return _at_nine(calendar.add(first_open, step.working_days or 0), spread_by)


def _date_and_instant(due: Deadline) -> tuple[date, datetime]:
    """Returns the London date that working days count from, and the instant that hours count from."""
    if due.at is not None:
        return london_date(due.at), due.at
    day = due.on or date.max
    return day, london_instant(day, OFFICE_OPENS_AT)
