"""What may happen to an action. Pure: no database, no clock.

PLANNED ──its day──▶ OPEN; what is on record ends PLANNED, OPEN or RETURNED ──▶ ENDED
OPEN ──report──▶ REPORTED ──review: accepted──▶ REVIEWED      the only end
▲                 │ ▲──report: superseded by the same duty, opened again
│                 └─review: returned──▶ OPEN (new deadline)
├──review: continues (new deadline)
└──reassign── RETURNED ◀──report: declined by recipient── OPEN
"""

from app.actions.vocabulary import ReviewVerdict
from app.vocabulary import ActionOutcome, ActionState

STATE_AFTER_REVIEW = {
    (ActionState.REPORTED, ReviewVerdict.ACCEPTED): ActionState.REVIEWED,
    (ActionState.REPORTED, ReviewVerdict.RETURNED): ActionState.OPEN,
    (ActionState.OPEN, ReviewVerdict.CONTINUES): ActionState.OPEN,
}
# Reported, and what the action was to bring about has not happened.
LEFT_UNDONE = frozenset(
    {
        ActionOutcome.DECLINED_BY_RECIPIENT,
        ActionOutcome.NOT_DONE,
        ActionOutcome.NOT_POSSIBLE_CIRCUMSTANCES_CHANGED,
    }
)
REPORTABLE = frozenset({ActionState.OPEN, ActionState.RETURNED})
REASSIGNABLE = frozenset({ActionState.OPEN, ActionState.RETURNED})
_LEGAL_MOVES = {
    ActionState.OPEN: "report an outcome, or review it with CONTINUES and a new deadline",
    ActionState.REPORTED: "review it with ACCEPTED or RETURNED, or report it SUPERSEDED by the same duty, opened anew",
    ActionState.RETURNED: "reassign it, or report another outcome",
    ActionState.PLANNED: "none before it opens",
    ActionState.REVIEWED: "none, it is finished",
    ActionState.ENDED: "none, what is on record ended it",
}


def state_after_report(outcome: ActionOutcome) -> ActionState:
    """Returns the state after a report.

    A decline by the recipient goes back to the chair; the rest wait for a review.
    """
    declined = outcome is ActionOutcome.DECLINED_BY_RECIPIENT
    return ActionState.RETURNED if declined else ActionState.REPORTED


def legal_moves(state: ActionState) -> str:
    """Says in one sentence, for a refusal, the state and what can be done from it."""
    return f"this action is {state}; what can be done: {_LEGAL_MOVES[state]}"
