"""Counts anew, when a case is listed for another day, what its actions count from the hearing."""

from datetime import date

from app.access.directory import calendar_of_area
from app.actions.deadlines import change_deadline
from app.actions.further_cases.repository import further_cases_of
from app.actions.models import Action
from app.actions.recording.assignment import plan_anew
from app.actions.repository import unreported_actions_for_change
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.meetings.models import Meeting
from app.meetings.parameters import deadline_of_duty
from app.meetings.repositories.listing_repository import next_hearing_among
from app.meetings.repositories.research_repository import cases_returned
from app.policies.registry import policy_of_area
from app.referrals.models import Case
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import opening_day
from app.routing.policy.types import DutyTemplate
from app.vocabulary import ActionState

HEARING = "next_hearing"


def count_from_hearing(tx: Transaction, case: Case, meeting: Meeting) -> None:
    """Gives each unreported action of the case whose duty counts from the hearing its date before this meeting.

    Earlier or later than before: work for a meeting is not late before the meeting that it is for. What serves several
    cases of a person counts from the first of the hearings of those that still wait for it. A day that has passed is
    today. What is late stays late: whoever keeps a forum waiting gains no time when the case is put off for it.
    """
    duties = _counted_from_hearing(tx, case.area)
    for action in unreported_actions_for_change(tx.session, case.id):
        duty = duties.get(_duty_id(action))
        if duty is not None:
            first = next_hearing_among(tx.session, _waiting(tx, action), meeting.forum, london_date(tx.now))
            _redate(tx, action, duty, first or meeting.held_on)


def count_rest_from_hearing(tx: Transaction, action: Action) -> None:
    """Gives research that is returned for one case its date before the hearings of the cases that still wait for it."""
    duty = _counted_from_hearing(tx, action.area).get(_duty_id(action))
    days = (next_hearing_among(tx.session, _waiting(tx, action), one, london_date(tx.now)) for one in action.forums)
    first = min((day for day in days if day is not None), default=None)
    if duty is not None and first is not None:
        _redate(tx, action, duty, first)


def _counted_from_hearing(tx: Transaction, area: str) -> dict[str, DutyTemplate]:
    return {one.id: one for one in policy_of_area(tx.session, area, tx.now).duties if one.due.counted_from == HEARING}


def _duty_id(action: Action) -> str:
    # Research is one duty for each agency: the agency follows the colon.
    return (action.duty or "").partition(":")[0]


def _waiting(tx: Transaction, action: Action) -> set[str]:
    """Returns the cases that the action serves and that have not got from it what they wait for."""
    served = {action.case_id, *(one.case_id for one in further_cases_of(tx.session, action.id))}
    return served - cases_returned(tx.session, action.id)


def _redate(tx: Transaction, action: Action, duty: DutyTemplate, held_on: date) -> None:
    today = london_date(tx.now)
    counted = deadline_of_duty(tx.session, action.area, duty.id, held_on, tx.now)
    due_on = max(counted.on or london_date(counted.passes_at), today)
    deadline = Deadline(due_on, None, action.life_safety)
    if action.state == ActionState.PLANNED:
        opens_on = opening_day(duty, due_on, tx.now, calendar_of_area(tx.session, action.area))
        plan_anew(tx.session, action, deadline, opens_on, tx.now)
    elif due_on != action.due_on and action.sort_at > tx.now:
        change_deadline(tx.session, action, deadline, tx.now)
