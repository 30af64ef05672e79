"""Makes a danger of what is asked already, where the newest decision owes it as one. No decision ends a danger."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions import repository
from app.actions.deadlines import change_deadline, deadline_of
from app.actions.models import Action
from app.actions.recording.draft import Assignment
from app.actions.recording.review_reminders import remind_reviewer
from app.reminders.deadline import Deadline


def becomes_danger(action: Action, deadline: Deadline) -> bool:
    """Marks the action where this deadline is of a danger and its own is not yet. Returns whether it did."""
    if action.life_safety or not deadline.life_safety:
        return False
    action.life_safety, action.version = True, action.version + 1
    return True


def bring_forward(session: Session, action: Action, deadline: Deadline, now: datetime) -> bool:
    """Gives the open action the earlier deadline, and the calls of a danger. Returns whether it became one."""
    is_new_danger = becomes_danger(action, deadline)
    # A later decision never gives more time for what is owed already.
    if deadline.passes_at < action.sort_at:
        change_deadline(session, action, deadline, now)
    elif is_new_danger:
        change_deadline(session, action, deadline_of(action), now)
    return is_new_danger


def call_what_was_declined(session: Session, assignments: Sequence[Assignment], now: datetime) -> None:
    """Calls the chair at once about a declined action whose duty is a danger by the newest decision."""
    dangers = {(one.case_id, one.duty, one.about) for one in assignments if one.deadline.life_safety and one.duty}
    if not dangers:
        return
    declined = repository.declined_for_change(session, {case for case, _, _ in dangers})
    for action in declined:
        is_danger = (action.case_id, action.duty, action.about) in dangers
        if is_danger and becomes_danger(action, Deadline(None, now, life_safety=True)):
            remind_reviewer(session, action, Deadline(None, now, life_safety=True), now)
