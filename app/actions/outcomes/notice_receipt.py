"""Says who received a notice, or gives its sender the action to tell the receiver in person."""

from app.actions.models import Action
from app.actions.notices.models import WorkNotice
from app.actions.outcomes.ending import end_actions, shown_done
from app.actions.recording.assignment import assign_action
from app.actions.recording.draft import Assignment
from app.actions.repository import action_for_change
from app.foundation.storage.transaction import Transaction
from app.reminders.deadline import Deadline
from app.vocabulary import ActionState

BY_A_SYSTEM = "system"


def receive_notice(tx: Transaction, notice: WorkNotice, by: str) -> None:
    """Records who received the notice, once, and ends the sender's action to tell them."""
    if notice.received_at is not None:
        return
    notice.received_at, notice.received_by = tx.now, by
    action = action_for_change(tx.session, notice.action_id) if notice.action_id else None
    if action is not None and action.state in {ActionState.OPEN, ActionState.RETURNED}:
        end_actions(tx, [action], shown_done("The receiver has received the notice"))


def return_to_sender(tx: Transaction, notice: WorkNotice) -> Action:
    """Gives the sender the action to tell the receiver, due at once: nobody received the notice."""
    wanted = Assignment(
        case_id=notice.case_id,
        area=notice.area,
        what=f"Tell {notice.agency} in person, for nobody there has received the notice: {'; '.join(notice.asks)}",
        done_when="A named person there has confirmed that they know",
        recipient=notice.role,
        recipient_agency=notice.agency,
        owner_role=notice.sender_role,
        owner_agency=notice.sender_agency,
        deadline=Deadline(None, tx.now),
        duty=f"UNRECEIVED:{notice.id}",
        decision_id=notice.decision_id,
    )
    action = assign_action(tx.session, wanted, tx.now)
    notice.action_id = action.id
    return action
