"""How promptly people answer: drawn for each thing that is asked, always the same for the same thing. Pure."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from app.foundation.clock import london_date, london_instant
from app.foundation.working_days import WorkingDays

FILE = Path(__file__).with_name("behaviour.toml")
FIRST_HOUR, LAST_HOUR, ANSWERED_AT = 8, 20, 50
OFFICE_HOURS = range(9, 17)
ON_TIME, NEVER = "on_time", "never"
LATE: Mapping[str, tuple[int, int]] = {"late_1_to_5": (1, 5), "late_6_to_20": (6, 20)}
"""From how many to how many working days after the deadline."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The assumptions of a year, as `behaviour.toml` states them."""

    seed: int
    first_day: date
    weeks: int
    marac_cases: int
    referrals: int
    promptness: Mapping[str, float]
    declines: float
    meetings: Mapping[str, int]
    answers: Mapping[str, Any]
    warm_up_weeks: int

    def assumed(self) -> dict[str, Any]:
        """What the page says is assumed."""
        names = ("weeks", "marac_cases", "referrals", "warm_up_weeks", "promptness", "declines")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Reaction:
    """How somebody reacts to one thing: how promptly, after how many working days if late, and whether they decline.

    `place` is where between the two ends of the time left they answer, from 0 to 1.
    """

    promptness: str
    late_days: int
    declines: bool
    place: float


def read_behaviour(path: Path = FILE) -> Behaviour:
    """The behaviour that a file states."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Behaviour(**(told | {"declines": told["declines"]["share"]}))


def reaction_to(behaviour: Behaviour, asked: str) -> Reaction:
    """The reaction to the thing that these words name. It does not depend on what else is asked, nor on any order."""
    chance = Random(f"{behaviour.seed} {asked}")
    shares = behaviour.promptness
    promptness = chance.choices(list(shares), list(shares.values()))[0]
    days = chance.randint(*LATE[promptness]) if promptness in LATE else 0
    return Reaction(promptness, days, chance.random() < behaviour.declines, chance.random())


def answered_at(reaction: Reaction, asked: datetime, late_from: datetime, calendar: WorkingDays) -> datetime | None:
    """The instant of the answer, or None for never.

    Who is on time answers in office hours where some are left before the deadline, otherwise at any hour that is
    played, otherwise at once.
    """
    if reaction.promptness == NEVER:
        return None
    if reaction.promptness in LATE:
        last_day = london_date(max(late_from, asked) - timedelta(microseconds=1))
        hour = OFFICE_HOURS[int(reaction.place * len(OFFICE_HOURS))]
        return london_instant(calendar.add(last_day, reaction.late_days), hour, ANSWERED_AT)
    moments = list(_moments(asked, late_from))
    in_office = [at for at, hour in moments if hour in OFFICE_HOURS and calendar.is_open(london_date(at))]
    chosen = in_office or [at for at, _ in moments] or [asked]
    return chosen[int(reaction.place * len(chosen))]


def _moments(after: datetime, before: datetime) -> Iterator[tuple[datetime, int]]:
    """Each moment between two instants at which people answer, with its hour in London."""
    day = london_date(after)
    while day <= london_date(before):
        for hour in range(FIRST_HOUR, LAST_HOUR + 1):
            at = london_instant(day, hour, ANSWERED_AT)
            if after < at < before:
                yield at, hour
        day += timedelta(days=1)


def arrivals(behaviour: Behaviour, scale: float) -> Iterator[tuple[date, int]]:
    """Each day of the year with how many referrals come in at each hour that is played: (day, hour), once for each."""
    chance = Random(f"{behaviour.seed} arrivals")
    moments = [
        (behaviour.first_day + timedelta(days=day), hour)
        for day in range(7 * behaviour.weeks)
        for hour in range(FIRST_HOUR, LAST_HOUR + 1)
    ]
    yield from sorted(chance.choice(moments) for _ in range(round(behaviour.referrals * scale)))
