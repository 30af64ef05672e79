"""Ends actions that the record shows as done, or that are no longer owed. What the record shows nobody reviews.

Nobody reports such an action: it ends in the commit of what ended it, with the reason and who made that record.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.actions.changes import ChangeDraft, record_change
from app.actions.events import record_action_event
from app.actions.models import Action
from app.actions.vocabulary import ChangeKind
from app.foundation.storage.transaction import Transaction
from app.reminders.service import cancel_ladder
from app.vocabulary import ActionOutcome, ActionState, EventType

LONGEST_REASON = 2000  # characters, as `OutcomeRequest.note` allows


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an action ends: that it is done or no longer owed, and in one sentence what on record shows it."""

    outcome: ActionOutcome
    because: str


def shown_done(because: str) -> Evidence:
    """Returns the evidence that what the action asks is done."""
    return Evidence(ActionOutcome.DONE_ON_RECORD, because)


def no_longer_owed(because: str) -> Evidence:
    """Returns the evidence that nothing owes any more what the action asks."""
    return Evidence(ActionOutcome.NO_LONGER_OWED, because)


def end_actions(tx: Transaction, actions: Iterable[Action], evidence: Evidence) -> None:
    """Ends the actions and their reminders, and tells whoever knows of them.

    They are locked, and are OPEN or RETURNED.
    """
    for action in actions:
        was, action.state, action.outcome = action.state, ActionState.ENDED, evidence.outcome
        because = evidence.because[:LONGEST_REASON]
        record_change(tx.session, action, ChangeDraft(ChangeKind.ENDED, was, evidence.outcome, because, tx.by), tx.now)
        cancel_ladder(tx.session, action.id, "ended by what is on record", tx.now)
        record_action_event(tx.session, EventType.ACTION_ENDED, action, tx.now)
