"""Plays the days of a year: referrals come in, the worker comes round, people answer, MARAC meets."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count, groupby

from app.foundation.clock import london_instant
from app.jobs import JOBS, run_job
from bench.year.asked import Asked, Key, newly_asked
from bench.year.behaviour import ANSWERED_AT, FIRST_HOUR, LAST_HOUR, Behaviour, answered_at, arrivals, reaction_to
from bench.year.force import Force
from bench.year.looking_up import Knowledge
from bench.year.people import People
from bench.year.sittings import Sittings
from tests.journeys.portfolio.generated import Hub

REFERRED_AT = 5
# What counts in hours or tells somebody comes round each hour; the rest once a day is as good as each minute.
EACH_HOUR = frozenset({"fire reminders", "expire proposals", "decide after an ended clock", "settle notices"})
DAILY_HOUR = 9
Planned = tuple[datetime, int, Asked, bool]


@dataclass
class Year:
    """The year as far as it has been played. `plan` holds who answers what, the soonest first."""

    force: Force
    behaviour: Behaviour
    people: People
    sittings: Sittings
    hub: Hub = field(default_factory=Hub)
    plan: list[Planned] = field(default_factory=list)
    known: set[Key] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)
    sent: int = 0
    heard: int = 0

    def play_day(self, day: date, hours: Iterator[int]) -> None:
        """Plays one day. `hours` are those at which its referrals come in, each as often as there are."""
        referred = {hour: len(list(group)) for hour, group in groupby(hours)}
        for hour in range(FIRST_HOUR, LAST_HOUR + 1):
            self.force.clock.set(london_instant(day, hour))
            self.worker_comes_round(daily=hour == DAILY_HOUR)
            self.force.clock.set(london_instant(day, hour, REFERRED_AT))
            self.refer(referred.get(hour, 0))
            if hour == self.behaviour.meetings["hour"]:
                self.heard += self.sittings.sit_on(day)
            self.read_what_is_asked()
            self.force.clock.set(london_instant(day, hour, ANSWERED_AT))
            self.answer_what_is_planned()
            self.force.deliver()

    def worker_comes_round(self, *, daily: bool) -> None:
        """Runs the worker's jobs. What it tells is handed to every agency's system within the hour."""
        for job in JOBS:
            if daily or job.name in EACH_HOUR:
                run_job(self.force.sessions, lambda _: self.force.clock.now(), job)

    def refer(self, number: int) -> None:
        """The hub sends its next referrals. The worker comes round after them: it does so each second."""
        for _ in range(number):
            sent = self.hub.referral(self.force.clock.now())
            routed = self.force.posted("refer", self.force.callers["hub"], "/v1/referrals", sent)
            self.sent += 1
            if routed is not None:
                self.people.known.assessed[routed["referral_id"]] = sent["assessment"]
        if number:
            self.force.clock.set(self.force.clock.now() + timedelta(minutes=1))
            self.worker_comes_round(daily=False)

    def read_what_is_asked(self) -> None:
        """Everybody decides when they will answer what is new."""
        now = self.force.clock.now()
        for one in newly_asked(self.force.sessions, self.known):
            reaction = reaction_to(self.behaviour, one.words)
            at = answered_at(reaction, now, one.late_from, self.people.calendar)
            if at is not None:
                heapq.heappush(self.plan, (at, next(self.numbers), one, reaction.declines))

    def answer_what_is_planned(self) -> None:
        """Everybody answers what they meant to answer by now."""
        now, due = self.force.clock.now(), []
        while self.plan and self.plan[0][0] <= now:
            _, _, one, declines = heapq.heappop(self.plan)
            due.append((one, declines))
        self.people.respond(due)
        self.known -= {one.key for one, _ in due if one.id in self.people.retry}
        self.people.retry.clear()
        self.sittings.send_minutes()


def played(force: Force, behaviour: Behaviour, scale: float, go_on: Callable[[Year, date], bool]) -> Iterator[Year]:
    """Plays day after day and yields the year after each, until it is over or `go_on` says no."""
    people = People(force, Knowledge(behaviour.answers))
    year = Year(force, behaviour, people, Sittings(force, behaviour, people.calendar))
    force.clock.set(london_instant(behaviour.first_day, FIRST_HOUR - 1))
    year.sittings.start()
    hours_of: dict[date, list[int]] = {}
    for day, hour in arrivals(behaviour, scale):
        hours_of.setdefault(day, []).append(hour)
    for number in range(7 * behaviour.weeks):
        day = behaviour.first_day + timedelta(days=number)
        year.play_day(day, iter(hours_of.get(day, [])))
        yield year
        if not go_on(year, day):
            return
