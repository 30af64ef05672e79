"""What may happen to an action. Pure: no database, no clock.

OPEN ──report──▶ REPORTED ──review: accepted──▶ REVIEWED      the only end
▲                 │
│                 └─review: returned──▶ OPEN (new deadline)
├──review: continues (new deadline)
└──reassign── RETURNED ◀──report: declined by recipient── OPEN
"""

from enum import StrEnum

from app.vocabulary import ActionOutcome, ActionState


class ReviewVerdict(StrEnum):
    """What a second person found."""

    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    CONTINUES = "CONTINUES"


STATE_AFTER_REVIEW = {
    (ActionState.REPORTED, ReviewVerdict.ACCEPTED): ActionState.REVIEWED,
    (ActionState.REPORTED, ReviewVerdict.RETURNED): ActionState.OPEN,
    (ActionState.OPEN, ReviewVerdict.CONTINUES): ActionState.OPEN,
}
REPORTABLE = frozenset({ActionState.OPEN, ActionState.RETURNED})
REASSIGNABLE = frozenset({ActionState.OPEN, ActionState.RETURNED})


def state_after_report(outcome: ActionOutcome) -> ActionState:
    """A decline by the recipient comes back to the chair; every other outcome waits for a second person."""
    declined = outcome is ActionOutcome.DECLINED_BY_RECIPIENT
    return ActionState.RETURNED if declined else ActionState.REPORTED
