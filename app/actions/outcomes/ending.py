"""Ends actions that the record shows as done, or that are no longer owed. What the record shows nobody reviews.

Nobody reports such an action: it ends in the commit of what ended it, with the reason and who made that record.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.actions.changes import ChangeDraft, record_change
from app.actions.events import record_action_event
from app.actions.models import Action
from app.actions.outcomes.settled_repository import declined_before, reports_of_finished_plans
from app.actions.repository import DONE
from app.actions.vocabulary import ChangeKind
from app.foundation.storage.transaction import Transaction
from app.reminders.service import cancel_ladder
from app.vocabulary import ActionOutcome, ActionState, EventType

DONE_ANEW = "The same duty was opened again after this one was declined, and is done"
PLAN_FINISHED = "No action of an earlier plan is open any more"
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
    """Ends the actions and their reminders with what their end settles, and tells whoever knows of them.

    They are locked, and are PLANNED, OPEN or RETURNED.
    """
    for action in actions:
        was, action.state, action.outcome = action.state, ActionState.ENDED, evidence.outcome
        because = evidence.because[:LONGEST_REASON]
        record_change(tx.session, action, ChangeDraft(ChangeKind.ENDED, was, evidence.outcome, because, tx.by), tx.now)
        cancel_ladder(tx.session, action.id, "ended by what is on record", tx.now)
        record_action_event(tx.session, EventType.ACTION_ENDED, action, tx.now)
        end_what_it_settles(tx, action)


def end_what_it_settles(tx: Transaction, action: Action) -> None:
    """Ends what this finished action leaves nobody to do.

    A duty that is done was declined before and opened again: the chair has nothing to decide on the declined one. The
    last action of a plan leaves nothing to report on it (D39).
    """
    tx.session.flush()
    if action.duty is None:
        end_actions(tx, reports_of_finished_plans(tx.session, action.case_id), no_longer_owed(PLAN_FINISHED))
    elif action.outcome in DONE and action.follows_id is None:
        end_actions(tx, declined_before(tx.session, action), shown_done(DONE_ANEW))
