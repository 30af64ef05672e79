"""Works out when each duty of a decision is due. The calendar of working days is an argument.

A due rule in hours counts elapsed time and gives an instant in UTC. Any other gives a civil date in
Europe/London. A duty that depends on a date not known yet names the event that it awaits and has no date.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from app.routing.facts.dates import LONDON, london_date, months_before, utc
from app.routing.policy.types import DueRule, DueUnit, DutyTemplate
from app.routing.record.decision import Anchors, DueDuty, Duty, RoutingDecision

DECISION = "decision"
REPORT = "reporting"
BORN_LATE_WITHIN = timedelta(hours=1)


class WorkingCalendar(Protocol):
    """The working days of the owner's area, and the edition of the table of bank holidays."""

    @property
    def version(self) -> str:
        """The edition, which is stored with each date computed from it."""

    def add(self, start: date, days: int) -> date:
        """Returns the date `days` working days after `start`; a negative number counts back."""


def schedule(decision: RoutingDecision, anchors: Anchors, calendar: WorkingCalendar) -> tuple[DueDuty, ...]:
    """Returns every duty of the decision with its due time, in the decision's order."""
    return tuple(due_duty(duty, anchors, calendar) for duty in decision.duties)


def due_duty(duty: Duty, anchors: Anchors, calendar: WorkingCalendar) -> DueDuty:
    """Returns the duty with its due time, or with the event that it awaits.

    A date that had passed by the decision is today: nobody is late before they were asked.
    """
    at, on = due_time(duty, anchors, calendar)
    awaited = duty.due.counted_from if at is None and on is None else None
    return DueDuty(duty, at, on and max(on, london_date(anchors.decision)), awaited)


def due_time(
    duty: Duty | DutyTemplate, anchors: Anchors, calendar: WorkingCalendar
) -> tuple[datetime | None, date | None]:
    """Returns the instant (UTC) or the London date by which the duty is due; neither while its anchor is not known.

    A life-safety duty of the same day is due at an instant, the end of the day.
    """
    if duty.life_safety and duty.due.unit is DueUnit.SAME_DAY:
        return end_of_day(london_date(anchors.decision)), None
    return time_of_rule(duty.due, anchors, calendar)


def time_of_rule(rule: DueRule, anchors: Anchors, calendar: WorkingCalendar) -> tuple[datetime | None, date | None]:
    """Returns the instant (UTC) or the London date that the rule gives; neither while its anchor is not known.

    "At once", and what counts from an earlier event and has passed, is within the hour: nothing is born late.
    """
    decided, begun = utc(anchors.decision), _instant(rule.counted_from, anchors)
    if begun is None:
        return None, due_on(rule, anchors, calendar)
    match rule.unit:
        case DueUnit.HOURS:
            at = begun + timedelta(hours=rule.amount)
        case DueUnit.AT_ONCE | DueUnit.AT | DueUnit.BEFORE:
            at = begun
        case _:
            return None, max(_moved(london_date(begun), rule, calendar), london_date(decided))
    return (at if at > decided else decided + BORN_LATE_WITHIN), None


def _instant(event: str, anchors: Anchors) -> datetime | None:
    """Returns when the event was; a report whose own time nobody told is heard of at the decision."""
    known = anchors.decision if event == DECISION else anchors.instants.get(event)
    return utc(anchors.decision) if known is None and event == REPORT else known and utc(known)


def due_on(rule: DueRule, anchors: Anchors, calendar: WorkingCalendar) -> date | None:
    """Returns the civil date in London that the rule gives, or None while its anchor is not known.

    A day that was agreed for it counts where it comes first, or where the anchor is not known. Nothing is born late: a
    day that has passed is today.
    """
    today, begun = london_date(anchors.decision), _instant(rule.counted_from, anchors)
    anchor = anchors.dates.get(rule.counted_from) if begun is None else london_date(begun)
    on = None if anchor is None else _moved(anchor, rule, calendar)
    agreed = anchors.agreed.get(rule.counted_from)
    days = [max(day, today) for day in (on, agreed) if day is not None]
    return min(days, default=None)


def opening_day(template: DutyTemplate, due: date, decided: datetime, calendar: WorkingCalendar) -> date | None:
    """Returns the London date on which a later duty that is due on that day opens; None: it is open from the start."""
    if template.opens is None:
        return None
    back = DueRule(template.opens.unit, -template.opens.amount, "due")
    opens = due_on(back, Anchors(decided, {"due": due}), calendar)
    return opens if opens is not None and opens > london_date(decided) else None


def end_of_day(day: date) -> datetime:
    """Returns the last second of that day in London, in UTC."""
    # A second before midnight: shown as a date, the instant still falls on the day that is meant.
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


def _moved(anchor: date, rule: DueRule, calendar: WorkingCalendar) -> date:
    """Returns the anchor moved by the rule; a rule that names the day itself does not move it."""
    if rule.unit is DueUnit.WORKING_DAYS:
        return calendar.add(anchor, rule.amount)
    if rule.unit is DueUnit.MONTHS:
        return months_before(anchor, -rule.amount)
    days = {
        DueUnit.DAYS: rule.amount,
        DueUnit.WEEKS: 7 * rule.amount,
        DueUnit.BEFORE: -1,
        # From a date hours have no instant to run from: they are rounded up to whole days.
        DueUnit.HOURS: -(-rule.amount // 24),
    }
    return anchor + timedelta(days=days.get(rule.unit, 0))
