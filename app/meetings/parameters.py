"""Reads from an area's policy what meetings count with: its parameters, and by when it wants a duty done."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.foundation.clock import london_date
from app.policies.registry import policy_of_area
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import due_time
from app.routing.policy.mappa_requests import row_asking_mappa
from app.routing.policy.types import DueRule, DutyTemplate, Policy
from app.routing.record.decision import Anchors


def whole_number(session: Session, area: str, name: str, now: datetime) -> int:
    """Returns a parameter of the area's policy that is a whole number. Raises `TypeError` for any other kind."""
    value = policy_of_area(session, area, now).parameters[name].value
    # Python counts a bool as an int, and a yes-or-no parameter is no number.
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is not a number in the policy of {area}")
    return value


def duty_of(policy: Policy, duty_id: str) -> DutyTemplate:
    """Returns the policy's duty of that id, one of `NAMED_IN_CODE`: a policy that lacks one is refused at load."""
    return next(one for one in policy.duties if one.id == duty_id)


def deadline_of_duty(session: Session, area: str, duty_id: str, held_on: date, now: datetime) -> Deadline:
    """Returns by when the area's policy wants the duty done in a case that is heard on that day.

    Today, when the policy counts from an event that has no date here: nobody waits for a date to look at a case.
    """
    duty = duty_of(policy_of_area(session, area, now), duty_id)
    anchors = Anchors(now, {"next_hearing": held_on})
    at, on = due_time(duty, anchors, calendar_of_area(session, area))
    return Deadline(None if at else on or london_date(now), at, duty.life_safety)


def mappa_answers_within(session: Session, area: str, now: datetime) -> DueRule:
    """Returns how long MAPPA has to answer an agency's referral.

    As long as when the area's policy asks level 2 itself.
    """
    row = row_asking_mappa(policy_of_area(session, area, now))
    assert row is not None  # noqa: S101 - a policy without such a row is refused at load
    return row.accept_within
