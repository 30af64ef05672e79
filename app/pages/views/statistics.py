"""The statistics as a page: the same counts as the API's, in tables with labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.access.calls import Call
from app.foundation.clock import london_date
from app.foundation.errors import Invalid, NotFound
from app.pages.rendering.labels import DECLINES, ENDINGS, OUTCOMES, forum_words
from app.pages.views.page_queries import StatisticsQuery
from app.statistics.counting import Period
from app.statistics.report import area_statistics, refuse_unless_measurable
from app.statistics.schemas import ForumStatisticsOut, StatisticsOut, WaitsOut
from app.vocabulary import ActionOutcome, DeclineCode, EndReason, Forum

MONTHS_SHOWN_AT_FIRST = 3


@dataclass(frozen=True, slots=True)
class StatisticsLine:
    """One row of a table: what was counted, and how many. `is_part`: it counts a part of a row above."""

    label: str
    figure: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """One table of a forum."""

    heading: str
    lines: tuple[StatisticsLine, ...]


@dataclass(frozen=True, slots=True)
class ForumTables:
    """The tables of one forum."""

    code: str
    name: str
    tables: tuple[StatisticsTable, ...]


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """Everything the page shows. `fault` says why there are no statistics when the period cannot be measured."""

    area: str
    areas: tuple[str, ...]
    period: Period
    fault: str
    statistics: StatisticsOut | None
    forums: tuple[ForumTables, ...]


def statistics_page(call: Call, wanted: StatisticsQuery) -> StatisticsPage:
    """Reads the statistics of one of the viewer's areas; without a period, of this month and the two before it."""
    areas = tuple(sorted(call.caller.areas))
    if not areas:
        raise NotFound("you have no area to count in; ask your administrator to add it")
    area = wanted.area if wanted.area in areas else areas[0]
    last = wanted.last or london_date(call.now)
    period = Period(wanted.first or _months_back(last, MONTHS_SHOWN_AT_FIRST - 1), last)
    try:
        refuse_unless_measurable(period)
    except Invalid as refusal:
        return StatisticsPage(area, areas, period, refusal.detail, None, ())
    # The area is one of the caller's own; a count needs the rows of every agency in it.
    with call.as_system() as session:
        statistics = area_statistics(session, area, period, wanted.forum, call.now)
    return StatisticsPage(area, areas, period, "", statistics, tuple(map(forum_tables, statistics.forums)))


def _months_back(day: date, months: int) -> date:
    """Returns the first day of the month so many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def forum_tables(forum: ForumStatisticsOut) -> ForumTables:
    """Returns the forum's counts in the words of the page."""
    tables = (
        StatisticsTable("Requests and answers", tuple(_screening(forum))),
        StatisticsTable("Hearings", tuple(_hearings(forum))),
        StatisticsTable("Actions", tuple(_actions(forum))),
        StatisticsTable("Discharges", tuple(_discharges(forum))),
        StatisticsTable("After a refusal", tuple(_after(forum))),
    )
    return ForumTables(forum.forum.value.lower(), forum_words(forum.forum), tables)


def _screening(forum: ForumStatisticsOut) -> Iterable[StatisticsLine]:
    counts = forum.screening
    yield StatisticsLine("Asked to lead or to support", f"{counts.asked:,}")
    yield StatisticsLine("still waiting for an answer", f"{counts.waiting:,}", is_part=True)
    yield StatisticsLine("Screened: accepted or declined", f"{counts.accepted + counts.declined:,}")
    yield StatisticsLine("accepted", f"{counts.accepted:,}", is_part=True)
    yield StatisticsLine("declined", f"{counts.declined:,}", is_part=True)
    yield from _parts(counts.refusals, {code: f"declined: {DECLINES[code]}" for code in DeclineCode})
    yield StatisticsLine("Not answered in time", f"{counts.expired:,}")
    yield StatisticsLine("No longer asked", f"{counts.withdrawn:,}")


def _hearings(forum: ForumStatisticsOut) -> Iterable[StatisticsLine]:
    counts = forum.hearings
    yield StatisticsLine("Listed", f"{counts.listed:,}")
    yield StatisticsLine("Heard", f"{counts.heard:,}")
    yield StatisticsLine("heard although never accepted", f"{counts.heard_without_acceptance:,}", is_part=True)
    yield StatisticsLine("repeats within twelve months of the last referral", f"{counts.repeats:,}", is_part=True)
    rate = counts.repeat_rate_percent
    yield StatisticsLine("repeat rate", "none heard" if rate is None else f"{rate}%", is_part=True)
    yield StatisticsLine(
        "without an action about the perpetrator",
        f"{counts.without_action_about_perpetrator:,}",
        is_part=True,
    )
    yield from _waits("From acceptance to hearing", counts.wait)


def _actions(forum: ForumStatisticsOut) -> Iterable[StatisticsLine]:
    counts = forum.actions
    yield StatisticsLine("Set", f"{counts.set:,}")
    yield StatisticsLine("about the perpetrator", f"{counts.about_perpetrator:,}", is_part=True)
    yield StatisticsLine("overdue now", f"{counts.overdue:,}", is_part=True)
    yield StatisticsLine("reported and not yet reviewed", f"{counts.awaiting_review:,}", is_part=True)
    yield StatisticsLine("finished", f"{counts.finished:,}", is_part=True)
    yield StatisticsLine("failed: not done, not possible or declined", f"{counts.failed:,}", is_part=True)
    yield from _parts(counts.outcomes, {outcome: f"reported {OUTCOMES[outcome]}" for outcome in ActionOutcome})
    yield StatisticsLine("Reviewed by the chair at a meeting", f"{counts.reviews.at_meeting:,}")
    own, other = (
        counts.reviews.between_meetings_by_owners_agency,
        counts.reviews.between_meetings_by_another_agency,
    )
    yield StatisticsLine("Reviewed between meetings by the owner's agency", f"{own:,}")
    yield StatisticsLine("Reviewed between meetings by another agency", f"{other:,}")


def _discharges(forum: ForumStatisticsOut) -> Iterable[StatisticsLine]:
    counts = forum.discharges
    yield StatisticsLine("Discharged", f"{counts.discharged:,}")
    owners: dict[str, str] = {each: f"perpetrator then owned by {forum_words(each)}" for each in Forum}
    yield from _parts(counts.perpetrator_then_held_by, owners)
    yield StatisticsLine("Needs that ended", f"{sum(counts.needs_ended.values()):,}")
    yield from _parts(counts.needs_ended, {reason: ENDINGS[reason] for reason in EndReason})


def _after(forum: ForumStatisticsOut) -> Iterable[StatisticsLine]:
    counts = forum.after_refusal
    yield StatisticsLine("Requests to lead declined or not answered", f"{counts.refused:,}")
    yield StatisticsLine("still with the same owner", f"{counts.with_the_same_owner:,}", is_part=True)
    yield StatisticsLine("taken by another owner since", f"{counts.passed_on_since:,}", is_part=True)
    yield from _waits("Until the next owner", counts.wait)


def _parts(counts: Mapping[str, int], words: Mapping[str, str]) -> Iterable[StatisticsLine]:
    """Returns one row for each of these codes that was counted, in the order of the words."""
    return (StatisticsLine(text, f"{counts[name]:,}", is_part=True) for name, text in words.items() if name in counts)


def _waits(what: str, waits: WaitsOut) -> Iterable[StatisticsLine]:
    if waits.measured:
        yield StatisticsLine(f"{what}, middle", _days(waits.median_working_days))
        yield StatisticsLine(f"{what}, longest", _days(waits.longest_working_days))


def _days(number: int | None) -> str:
    return f"{number} working day" if number == 1 else f"{number} working days"
