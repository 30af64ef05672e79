"""Works out when each duty of a decision is due. The calendar of working days is an argument.

A due rule in hours counts elapsed time and gives an instant in UTC. Any other gives a civil date in
Europe/London. A duty that depends on a date not known yet names the event that it awaits and has no date.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from app.routing.facts.dates import LONDON, london_date, months_before, utc
from app.routing.policy.types import DueRule, DueUnit
from app.routing.record.decision import Anchors, DueDuty, Duty, RoutingDecision

DECISION = "decision"


class WorkingCalendar(Protocol):
    """The working days of the owner's area, and the edition of the table of bank holidays."""

    @property
    def version(self) -> str:
        """The edition, which is stored with each date computed from it."""

    def add(self, start: date, days: int) -> date:
        """The date `days` working days after `start`; a negative number counts back."""


def schedule(decision: RoutingDecision, anchors: Anchors, calendar: WorkingCalendar) -> tuple[DueDuty, ...]:
    """Every duty of the decision with its due time, in the decision's order."""
    return tuple(due_duty(duty, anchors, calendar) for duty in decision.duties)


def due_duty(duty: Duty, anchors: Anchors, calendar: WorkingCalendar) -> DueDuty:
    """The duty with its due time. A life-safety duty of the same day is due at an instant, the end of the day."""
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
    """The anchor moved by the rule; a rule that names the day itself does not move it."""
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
