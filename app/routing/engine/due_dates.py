"""When each duty of a decision is due. Working days come from a calendar that is passed in.

Clocks in hours run in elapsed time and give an instant in UTC. Everything else gives a civil date
in Europe/London. A duty tied to a date nobody knows yet says what it awaits; it never gets a date
by guess.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from app.routing.facts.dates import LONDON, london_date, months_before, utc
from app.routing.policy.types import DueRule, DueUnit
from app.routing.record.decision import Anchors, DueDuty, Duty, RoutingDecision

DECISION = "decision"


class WorkingCalendar(Protocol):
    """The working days of the owner's area, and which edition of the table says so."""

    @property
    def version(self) -> str:
        """The edition, kept with what was computed from it."""

    def add(self, start: date, days: int) -> date:
        """The date that many working days after `start`, before it when negative."""


def schedule(decision: RoutingDecision, anchors: Anchors, calendar: WorkingCalendar) -> tuple[DueDuty, ...]:
    """Every duty of the decision with its due time, in the decision's order."""
    return tuple(due_duty(duty, anchors, calendar) for duty in decision.duties)


def due_duty(duty: Duty, anchors: Anchors, calendar: WorkingCalendar) -> DueDuty:
    """The duty with its due time. Life-safety duties get an instant even where the rule says a day."""
    rule = duty.due
    if rule.counted_from == DECISION:
        return _from_decision(duty, rule, utc(anchors.decision), calendar)
    anchor = anchors.dates.get(rule.counted_from)
    if anchor is None:
        return DueDuty(duty, None, None, rule.counted_from)
    return DueDuty(duty, None, _moved(anchor, rule, calendar), None)


def due_on(rule: DueRule, anchors: Anchors, calendar: WorkingCalendar) -> date | None:
    """The civil date by which a lead must answer, or None while its anchor is not known."""
    today = london_date(anchors.decision)
    anchor = today if rule.counted_from == DECISION else anchors.dates.get(rule.counted_from)
    return None if anchor is None else _moved(anchor, rule, calendar)


def _from_decision(duty: Duty, rule: DueRule, at: datetime, calendar: WorkingCalendar) -> DueDuty:
    match rule.unit:
        case DueUnit.HOURS:
            return DueDuty(duty, at + timedelta(hours=rule.amount), None, None)
        case DueUnit.AT_ONCE:
            return DueDuty(duty, at, None, None)
        case DueUnit.SAME_DAY if duty.life_safety:
            return DueDuty(duty, end_of_day(london_date(at)), None, None)
        case _:
            return DueDuty(duty, None, _moved(london_date(at), rule, calendar), None)


def end_of_day(day: date) -> datetime:
    """The last second of that day in London, in UTC."""
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


def _moved(anchor: date, rule: DueRule, calendar: WorkingCalendar) -> date:
    """The anchor moved by the rule; rules that name the day itself leave it where it is."""
    if rule.unit is DueUnit.WORKING_DAYS:
        return calendar.add(anchor, rule.amount)
    if rule.unit is DueUnit.MONTHS:
        return months_before(anchor, -rule.amount)
    days = {
        DueUnit.DAYS: rule.amount,
        DueUnit.WEEKS: 7 * rule.amount,
        DueUnit.BEFORE: -1,
        DueUnit.HOURS: -(-rule.amount // 24),
    }
    return anchor + timedelta(days=days.get(rule.unit, 0))
