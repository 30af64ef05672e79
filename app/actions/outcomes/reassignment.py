"""Gives an action to another owner."""

from datetime import date, datetime

from app.access.directory import refuse_post_of_another, refuse_unknown_agency
from app.actions.changes import OwnerPost, change_owner
from app.actions.deadlines import change_deadline, deadline_of, refuse_day_gone_by
from app.actions.duplicate_duties import refuse_second_open_duty
from app.actions.duty_ids import is_research
from app.actions.lifecycle import REASSIGNABLE, legal_moves
from app.actions.models import Action
from app.actions.notices.sending import tell_of_work
from app.foundation.clock import london_date
from app.foundation.errors import Conflict
from app.foundation.storage.transaction import Transaction
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import BORN_LATE_WITHIN
from app.vocabulary import ActionState


def reassign_action(tx: Transaction, action: Action, owner: OwnerPost, reason: str, due_on: date | None) -> Action:
    """Opens the action for its new owner; the earlier owner's reminders end in the same commit.

    Raises `Conflict` when the action is not OPEN or RETURNED, or asks what its owner's agency holds, and `Invalid` for
    a day gone by, an unknown agency or one that does not fill the post.
    """
    if action.state not in REASSIGNABLE:
        raise Conflict(legal_moves(action.state))
    if is_research(action.duty):
        raise Conflict("research is returned by the agency that was asked; while it is away, arrange a cover")
    refuse_day_gone_by(due_on, tx.now)
    refuse_unknown_agency(tx.session, action.area, owner.agency, "/owner_agency")
    refuse_post_of_another(tx.session, action.area, owner.agency, owner.role, "/owner_role")
    refuse_second_open_duty(tx.session, action)
    change_owner(tx, action, owner, reason)
    action.state, action.outcome = ActionState.OPEN, None
    change_deadline(tx.session, action, _deadline(action, due_on, tx.now), tx.now)
    tell_of_work(tx.session, [action], (), tx.now)
    return action


def _deadline(action: Action, due_on: date | None, now: datetime) -> Deadline:
    """Returns the new owner's deadline. Nobody is late before they were asked: what has passed is due today."""
    deadline = Deadline(due_on, None, action.life_safety) if due_on else deadline_of(action)
    if deadline.passes_at > now:
        return deadline
    if deadline.at:
        return Deadline(None, now + BORN_LATE_WITHIN, action.life_safety)
    return Deadline(london_date(now), None, action.life_safety)
