"""The deadline of an action, and the reminder ladder that follows it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.actions.duty_ids import CAME_BACK
from app.actions.models import Action
from app.foundation.clock import london_date
from app.foundation.errors import Invalid, RequestFault
from app.reminders.deadline import Deadline
from app.reminders.hand_over import hand_over_ladder
from app.reminders.service import ReminderSubject, redate_ladder
from app.vocabulary import ActionState, SubjectType


def watched_action(session: Session, action: Action) -> ReminderSubject:
    """Returns the action as the reminder ladder knows it: ids and posts only.

    While the owner is away, the cover's post.
    """
    cover = action.cover
    return ReminderSubject(
        SubjectType.ACTION,
        action.id,
        action.case_id,
        action.area,
        nation_of_area(session, action.area),
        cover.cover_agency if cover else action.owner_agency,
        cover.cover_role if cover else action.owner_role,
        duty=action.duty,
        came_back=action.state == ActionState.RETURNED or (action.duty or "").startswith(tuple(CAME_BACK)),
    )


def deadline_of(action: Action) -> Deadline:
    """Returns the stored deadline: a London date or an instant in UTC."""
    return Deadline(action.due_on, action.due_at, action.life_safety)


def change_deadline(session: Session, action: Action, deadline: Deadline, now: datetime) -> None:
    """Gives the action this deadline, and sets reminders for whoever answers for it now."""
    action.due_on, action.due_at, action.sort_at = deadline.on, deadline.at, deadline.passes_at
    # Timers carry the version, so that one of the earlier deadline can never be taken for one of this.
    action.due_version += 1
    session.flush()
    redate_ladder(session, watched_action(session, action), deadline_of(action), action.due_version, now)


def refuse_day_gone_by(due_on: date | None, now: datetime) -> None:
    """Raises `Invalid` for a new deadline that has passed: it would be late before anybody was asked."""
    if due_on is not None and due_on < london_date(now):
        raise Invalid("a new deadline is today or later", faults=[RequestFault("/due_on", "in_the_past")])


def hand_over_reminders(session: Session, action: Action, now: datetime) -> None:
    """Gives the reminders of the same deadline to whoever answers for the action now."""
    action.due_version += 1
    session.flush()
    hand_over_ladder(session, watched_action(session, action), deadline_of(action), action.due_version, now)
