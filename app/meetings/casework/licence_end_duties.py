"""Opens the duty to decide who owns the perpetrator after supervision ends (D47).

Nobody reports that a licence runs out, so the worker looks for the day.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.foundation.clock import london_date, london_instant
from app.meetings.parameters import duty_of, whole_number
from app.meetings.repositories import case_action_repository, case_repository
from app.policies.registry import policy_of_area
from app.referrals.models import Case, Referral
from app.referrals.repositories.case_repository import case_by_id
from app.referrals.snapshots import History, snapshot_of
from app.referrals.statements.gathering import known_facts
from app.reminders.deadline import Deadline
from app.routing.facts.snapshot.perpetrator import Perpetrator
from app.routing.facts.supervision import days_to_licence_end
from app.routing.policy.duty_ids import LICENCE_END
from app.routing.policy.types import Policy


def open_licence_end_duties(session: Session, now: datetime) -> int:
    """Opens the duty in each case whose notice has begun, for the worker. Returns how many were opened."""
    return sum(_open_licence_end_duty(session, row, now) for row in case_repository.referrals_naming_licences(session))


def _open_licence_end_duty(session: Session, referral: Referral, now: datetime) -> bool:
    case = case_by_id(session, referral.case_id)
    if case is None:
        return False
    history = History(nation=nation_of_area(session, case.area))
    ends_on = licence_end(snapshot_of(known_facts(session, referral), (), history).perpetrator, london_date(now))
    if ends_on is None:
        return False
    notice = timedelta(days=whole_number(session, case.area, "licence_end_notice_days", now))
    began_at = london_instant(ends_on - notice, 0)
    # A finished duty counts too: the worker comes round each hour and must not ask again.
    if now < began_at or case_action_repository.has_duty_since(session, case.id, LICENCE_END, began_at):
        return False
    policy = policy_of_area(session, case.area, now)
    assign_duties(session, [_licence_end_assignment(policy, case, ends_on, now)], now)
    return True


def licence_end(person: Perpetrator, today: date) -> date | None:
    """Returns the day the last running licence or order ends; None when none runs or its end is not known."""
    left = days_to_licence_end(person, today)
    return None if left is None else today + timedelta(days=left)


def _licence_end_assignment(policy: Policy, case: Case, ends_on: date, now: datetime) -> Assignment:
    duty = duty_of(policy, LICENCE_END)
    # Where that day has passed already, the end of supervision is looked at today.
    due_on = max(ends_on - timedelta(days=abs(duty.due.amount)), london_date(now))
    return Assignment(
        case_id=case.id,
        area=case.area,
        what=f"{duty.do} (ends {ends_on.isoformat()})",
        done_when=duty.done_when,
        recipient=duty.recipient or None,
        owner_role=duty.owner,
        deadline=Deadline(due_on, None),
        duty=duty.id,
        informed=tuple(case.agencies),
    )
