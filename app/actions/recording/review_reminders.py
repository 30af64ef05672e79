"""Reminds whoever reads what was reported of an action: the chair of what was declined, else the co-ordinator."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.actions.models import Action
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, redate_ladder
from app.vocabulary import ActionState, Role, SubjectType


def remind_reviewer(session: Session, action: Action, deadline: Deadline, now: datetime) -> None:
    """Ends the reminders that run, and sets the reviewer's, so that somebody reads every report.

    What was declined is the chair's, who sends it on.
    """
    action.due_version += 1  # the deadline of the review takes the place of the owner's
    role = Role.MARAC_CHAIR if action.state == ActionState.RETURNED else Role.MARAC_COORDINATOR
    reviewer = ReminderSubject(
        SubjectType.ACTION,
        action.id,
        action.case_id,
        action.area,
        nation_of_area(session, action.area),
        agency_in_post(session, action.area, role),
        role,
        duty=action.duty,
        came_back=action.state == ActionState.RETURNED,
    )
    session.flush()
    redate_ladder(session, reviewer, deadline, action.due_version, now)
