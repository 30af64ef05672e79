"""What may happen to an action. Pure: no database, no clock.

PLANNED ──its day──▶ OPEN; what is on record ends PLANNED, OPEN or RETURNED ──▶ ENDED
OPEN ──report: an ordinary duty is completed──▶ ENDED ──review: returned──▶ OPEN (new deadline)
OPEN ──any other report──▶ REPORTED ──review: accepted──▶ REVIEWED
▲                 │ ▲──report: superseded by the same duty, opened again
│                 └─review: returned──▶ OPEN (new deadline)
├──review: continues (new deadline)
└──reassign── RETURNED ◀──report: declined by recipient── OPEN
"""

from app.actions.vocabulary import ReviewVerdict
from app.vocabulary import ActionOutcome, ActionState

_STATE_AFTER_REVIEW = {
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
    ActionState.ENDED: "none if what is on record ended it; if it was reported completed, review it with RETURNED",
}


def waits_for_second_person(outcome: ActionOutcome, *, is_ordinary: bool) -> bool:
    """Returns whether a second person has to look at this report: at all but an ordinary duty that is done.

    Otherwise reviewing is two thirds of what a co-ordinator has to do, and what was not done drowns in it.
    Source: design note on proportion, section 4; DHR "Jean" 14.2.16.
    """
    return not is_ordinary or outcome is not ActionOutcome.COMPLETED


def state_after_report(outcome: ActionOutcome, *, waits: bool) -> ActionState:
    """Returns the state after a report. A decline by the recipient goes back to the chair.

    The rest wait for a review, or end.
    """
    if outcome is ActionOutcome.DECLINED_BY_RECIPIENT:
        return ActionState.RETURNED
    return ActionState.REPORTED if waits else ActionState.ENDED


def state_after_review(state: ActionState, outcome: ActionOutcome | None, verdict: ReviewVerdict) -> ActionState | None:
    """Returns the state after a review, or None where the verdict does not fit the state.

    What ended with its owner's report can still be returned by whoever reads it; what is on record cannot.
    """
    if (state, outcome, verdict) == (ActionState.ENDED, ActionOutcome.COMPLETED, ReviewVerdict.RETURNED):
        return ActionState.OPEN
    return _STATE_AFTER_REVIEW.get((state, verdict))


def legal_moves(state: ActionState) -> str:
    """Says in one sentence, for a refusal, the state and what can be done from it."""
    return f"this action is {state}; what can be done: {_LEGAL_MOVES[state]}"
