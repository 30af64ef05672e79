"""Counts the figures of a play from its rows. Pure: rows in, numbers out. A spread is median, 90th, 95th and most."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Any

from app.foundation.clock import london_date, london_instant
from app.foundation.working_days import WorkingDays
from app.reminders.deadline import Deadline
from bench.year.counting import DatedAction, ReviewedReport, Rows, SaidDeadline, ToldPost

Spread = dict[str, float]
MOST_SILENT = 5
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Measured:
    """The London days that are counted, the first and the last included, and the area's calendar."""

    first: date
    last: date
    calendar: WorkingDays

    @property
    def days(self) -> list[date]:
        """Each day."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def working_days(self) -> list[date]:
        """Each day on which offices are open."""
        return [day for day in self.days if self.calendar.is_open(day)]

    @property
    def ends_at(self) -> datetime:
        """The instant up to which anything is known."""
        return london_instant(self.last + timedelta(days=1), 0)

    def holds(self, at: datetime) -> bool:
        """Whether the instant lies on one of the days."""
        return self.first <= london_date(at) <= self.last


def percentile(numbers: Sequence[float], percent: int) -> float:
    """The smallest of the numbers that so many per cent of them do not exceed; 0 without numbers."""
    ordered = sorted(numbers)
    return ordered[max(ceil(percent * len(ordered) / 100), 1) - 1] if ordered else 0


def spread(numbers: Iterable[float]) -> Spread:
    """The median, the 90th and the 95th percentile and the most of these numbers, and how many there are."""
    found = list(numbers)
    shares = {"median": 50, "p90": 90, "p95": 95, "most": 100}
    return {name: round(percentile(found, share), 1) for name, share in shares.items()} | {"of": len(found)}


def figures_of(rows: Rows, measured: Measured) -> dict[str, Any]:
    """All figures, as they are kept beside the page."""
    told = [one for one in rows.messages if measured.holds(one.said_at)]
    return {
        "measured": {
            "first_day": measured.first.isoformat(),
            "last_day": measured.last.isoformat(),
            "days": len(measured.days),
            "working_days": len(measured.working_days),
        },
        "posts": posts(told, measured),
        "weeks": weeks(told, measured),
        "events": events(rows, measured),
        "acceptance": acceptance(rows, measured),
        "review": review(rows.reviews, measured),
        "late": late(rows.actions, measured),
        "silence": silence(rows.deadlines, measured),
        "called_about": [{"duty": duty, "calls": calls} for duty, calls in rows.called_about],
        "read_by_coordinator": [{"what": what, "lines": number} for what, number in rows.read_by_coordinator],
    }


def posts(told: Sequence[ToldPost], measured: Measured) -> list[dict[str, Any]]:
    """What each post is told, the post with the most messages first. A day without one counts as 0."""
    of_post: dict[tuple[str, str], list[ToldPost]] = defaultdict(list)
    for one in told:
        of_post[one.role, one.agency or ""].append(one)
    found = [_of_post(*post, messages, measured) for post, messages in of_post.items()]
    return sorted(found, key=lambda one: (-one["in_all"], one["post"], one["agency"]))


def _of_post(role: str, agency: str, told: Sequence[ToldPost], measured: Measured) -> dict[str, Any]:
    digests = [one for one in told if one.kind == "digest"]
    calls = [one for one in told if one.kind == "danger"]
    return {
        "post": role,
        "agency": agency,
        "in_all": len(told),
        "messages": spread(_by_day(told, measured.days)),
        "digests": spread(_by_day(digests, measured.working_days)),
        "lines": spread(one.lines for one in digests),
        "items": spread(one.items for one in digests),
        "danger": spread(_by_day(calls, measured.days)),
    }


def _by_day(told: Iterable[ToldPost], days: Iterable[date]) -> list[int]:
    counted = Counter(london_date(one.said_at) for one in told)
    return [counted[day] for day in days]


def weeks(told: Sequence[ToldPost], measured: Measured) -> list[dict[str, Any]]:
    """By week: the lines of the co-ordinator's digests, and the danger calls a day to each post at its median."""
    found = []
    for number in range(len(measured.days) // 7):
        days = measured.days[7 * number : 7 * number + 7]
        of_week = [one for one in told if days[0] <= london_date(one.said_at) <= days[-1]]
        own = [one.lines for one in of_week if (one.kind, one.role) == ("digest", "MARAC_COORDINATOR")]
        calls = Counter(one.role for one in of_week if one.kind == "danger")
        a_day = {role: round(number / 7, 1) for role, number in sorted(calls.items())}
        found.append({"from": days[0].isoformat(), "lines": spread(own), "danger_a_day": a_day})
    return found


def events(rows: Rows, measured: Measured) -> list[dict[str, Any]]:
    """How many events each agency's system is told on a day, of all types."""
    counted: dict[str, Counter[date]] = defaultdict(Counter)
    for one in rows.events:
        counted[one.agency][one.day] += one.events
    found = [{"agency": name, "a_day": spread(of[day] for day in measured.days)} for name, of in counted.items()]
    return sorted(found, key=lambda one: str(one["agency"]))


def acceptance(rows: Rows, measured: Measured) -> list[dict[str, Any]]:
    """By forum: how its proposals ended, and how many hours the accepted ones waited."""
    asked = [one for one in rows.answers if measured.holds(one.asked_at)]
    found = []
    for forum in sorted({one.forum for one in asked}):
        of_forum = [one for one in asked if one.forum == forum]
        waited = [(one.answered_at - one.asked_at) / HOUR for one in of_forum if one.state == "ACCEPTED"]
        ends = Counter(one.state for one in of_forum)
        found.append({"forum": forum, "ended": dict(sorted(ends.items())), "hours": spread(waited)})
    return found


def review(reports: Sequence[ReviewedReport], measured: Measured) -> dict[str, Any]:
    """In working days, how long reports waited for a second person, and how many still wait."""
    made = [one for one in reports if measured.holds(one.reported_at)]
    waited = [
        measured.calendar.between(london_date(one.reported_at), london_date(one.reviewed_at))
        for one in made
        if one.reviewed_at is not None
    ]
    return {"reports": len(made), "waiting": len(made) - len(waited), "working_days": spread(waited)}


def late(actions: Sequence[DatedAction], measured: Measured) -> dict[str, Any]:
    """Of the actions whose first date passed: how many were not settled by then; and how many were born late."""
    dated = [(one, Deadline(one.due_on, one.due_at).passes_at) for one in actions]
    passed = [(one, at) for one, at in dated if measured.holds(at) and at < measured.ends_at]
    missed = [one for one, at in passed if (one.settled_at or measured.ends_at) > at]
    born = Counter((one.duty or "").partition(":")[0] for one, at in passed if at <= one.created_at)
    return {"actions": len(passed), "late": len(missed), "born_late": dict(born.most_common())}


def silence(deadlines: Sequence[SaidDeadline], measured: Measured) -> dict[str, Any]:
    """Over everything that was late: for how many working days nobody was told of it, at the longest."""
    longest: dict[str, int] = {}
    for one in deadlines:
        begins = Deadline(one.due_on, one.due_at).passes_at
        ends = min(one.settled_at or measured.ends_at, measured.ends_at)
        if begins < ends and measured.holds(ends - timedelta(seconds=1)):
            key = f"{one.subject_id}:{one.due_version}"
            longest[key] = _longest_silence(begins, ends, one.said_at, measured.calendar)
    over = Counter(longest.values())
    too_long = sum(times for length, times in over.items() if length > MOST_SILENT)
    return {"late": len(longest), "longest": max(over, default=0), "over_five": too_long}


def _longest_silence(begins: datetime, ends: datetime, said: Sequence[datetime], calendar: WorkingDays) -> int:
    last = ends - timedelta(microseconds=1)  # midnight is still the day before
    days = [london_date(at) for at in (begins, *sorted(at for at in said if begins < at < ends), last)]
    return max(calendar.between(one, other) for one, other in pairwise(days))


def played_of(told: Mapping[str, Any], calendar: WorkingDays, warm_up_weeks: int) -> Measured:
    """The days that are counted: those after the warm-up, or all where no more than that was played."""
    first, last = date.fromisoformat(told["first_day"]), date.fromisoformat(told["last_day"])
    after = first + timedelta(days=7 * warm_up_weeks)
    return Measured(after if after < last else first, last, calendar)
