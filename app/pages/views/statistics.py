"""The report of figures as a page: the same counts as the API's, in tables with their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.service import as_system
from app.foundation.clock import london_date
from app.foundation.errors import Invalid, NotFound
from app.pages.rendering.labels import DECLINES, ENDINGS, OUTCOMES, forum_words
from app.pages.sign_in.viewer import Viewer
from app.statistics.counting import Period
from app.statistics.report import figures_of, refuse_unless_measurable
from app.statistics.schemas import ForumStatisticsOut, StatisticsOut, WaitsOut
from app.vocabulary import ActionOutcome, DeclineCode, EndReason, Forum

MONTHS_SHOWN_AT_FIRST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what was counted, and how many. `of` says a part of the line above."""

    label: str
    figure: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a forum."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ForumPart:
    """One forum's tables."""

    code: str
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """Everything the page shows, and why it shows nothing when the period cannot be measured."""

    area: str
    areas: tuple[str, ...]
    period: Period
    fault: str
    figures: StatisticsOut | None
    forums: tuple[ForumPart, ...]


def show_figures(
    session: Session,
    viewer: Viewer,
    area: str | None,
    first: date | None,
    last: date | None,
    forum: Forum | None,
    now: datetime,
) -> StatisticsPage:
    """The figures of one of the viewer's areas; without a period, of this month and the two before it."""
    areas = tuple(sorted(viewer.caller.areas))
    if not areas:
        raise NotFound("your API key has no area to count in; ask the co-ordinator to add it")
    chosen = area if area in areas else areas[0]
    until = last or london_date(now)
    period = Period(first or _months_back(until, MONTHS_SHOWN_AT_FIRST - 1), until)
    try:
        refuse_unless_measurable(period)
    except Invalid as refusal:
        return StatisticsPage(chosen, areas, period, refusal.detail, None, ())
    with as_system(session, viewer.caller, viewer.rows):
        figures = figures_of(session, chosen, period, forum, now)
    return StatisticsPage(chosen, areas, period, "", figures, tuple(map(forum_part, figures.forums)))


def _months_back(day: date, months: int) -> date:
    """The first day of the month so many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def forum_part(figures: ForumStatisticsOut) -> ForumPart:
    """The forum's counts in the words of the page."""
    parts = (
        Part("Requests and answers", tuple(_screening(figures))),
        Part("Hearings", tuple(_hearings(figures))),
        Part("Actions", tuple(_actions(figures))),
        Part("Cases let go", tuple(_discharges(figures))),
        Part("After a refusal", tuple(_after(figures))),
    )
    return ForumPart(figures.forum.value.lower(), forum_words(figures.forum), parts)


def _screening(figures: ForumStatisticsOut) -> Iterable[Line]:
    told = figures.screening
    yield Line("Asked to lead or to support", f"{told.asked:,}")
    yield Line("still waiting for an answer", f"{told.waiting:,}", is_part=True)
    yield Line("Screened: accepted or declined", f"{told.accepted + told.declined:,}")
    yield Line("accepted", f"{told.accepted:,}", is_part=True)
    yield Line("declined", f"{told.declined:,}", is_part=True)
    yield from _parts(told.refusals, {code: f"declined: {DECLINES[code]}" for code in DeclineCode})
    yield Line("Not answered in time", f"{told.expired:,}")
    yield Line("No longer asked", f"{told.withdrawn:,}")


def _hearings(figures: ForumStatisticsOut) -> Iterable[Line]:
    told = figures.hearings
    yield Line("Came on a list", f"{told.listed:,}")
    yield Line("Heard", f"{told.heard:,}")
    yield Line("heard although never accepted", f"{told.heard_without_acceptance:,}", is_part=True)
    yield Line("repeats within twelve months of the last referral", f"{told.repeats:,}", is_part=True)
    rate = told.repeat_rate_percent
    yield Line("repeat rate", "none heard" if rate is None else f"{rate}%", is_part=True)
    yield Line(
        "without an action about the perpetrator", f"{told.without_action_about_perpetrator:,}", is_part=True
    )
    yield from _waits("From acceptance to hearing", told.wait)


def _actions(figures: ForumStatisticsOut) -> Iterable[Line]:
    told = figures.actions
    yield Line("Set", f"{told.set:,}")
    yield Line("about the perpetrator", f"{told.about_perpetrator:,}", is_part=True)
    yield Line("overdue now", f"{told.overdue:,}", is_part=True)
    yield Line("reported and not yet reviewed", f"{told.awaiting_review:,}", is_part=True)
    yield Line("finished", f"{told.finished:,}", is_part=True)
    yield Line("failed: not done, not possible or declined", f"{told.failed:,}", is_part=True)
    yield from _parts(told.outcomes, {outcome: f"reported {OUTCOMES[outcome]}" for outcome in ActionOutcome})
    yield Line("Reviewed by the chair at a meeting", f"{told.reviews.at_meeting:,}")
    own, other = (
        told.reviews.between_meetings_by_owners_agency,
        told.reviews.between_meetings_by_another_agency,
    )
    yield Line("Reviewed between meetings by the owner's agency", f"{own:,}")
    yield Line("Reviewed between meetings by another agency", f"{other:,}")


def _discharges(figures: ForumStatisticsOut) -> Iterable[Line]:
    told = figures.discharges
    yield Line("Discharged", f"{told.discharged:,}")
    holders: dict[str, str] = {forum: f"perpetrator then held by {forum_words(forum)}" for forum in Forum}
    yield from _parts(told.perpetrator_then_held_by, holders)
    yield Line("Needs that ended", f"{sum(told.needs_ended.values()):,}")
    yield from _parts(told.needs_ended, {reason: ENDINGS[reason] for reason in EndReason})


def _after(figures: ForumStatisticsOut) -> Iterable[Line]:
    told = figures.after_refusal
    yield Line("Requests to lead declined or not answered", f"{told.refused:,}")
    yield Line("still with the same owner", f"{told.with_the_same_owner:,}", is_part=True)
    yield Line("taken by another owner since", f"{told.passed_on_since:,}", is_part=True)
    yield from _waits("Until the next owner", told.wait)


def _parts(counts: Mapping[str, int], words: Mapping[str, str]) -> Iterable[Line]:
    """One line for each thing that happened, in the order of the words."""
    return (Line(text, f"{counts[name]:,}", is_part=True) for name, text in words.items() if name in counts)


def _waits(what: str, waits: WaitsOut) -> Iterable[Line]:
    if waits.measured:
        yield Line(f"{what}, middle", _days(waits.median_working_days))
        yield Line(f"{what}, longest", _days(waits.longest_working_days))


def _days(number: int | None) -> str:
    return f"{number} working day" if number == 1 else f"{number} working days"
