"""What may happen to an action, and when it counts as late. Pure: no database, no clock.

OPEN ──report──▶ REPORTED ──review: accepted──▶ REVIEWED      the only end
▲                 │
│                 └─review: returned──▶ OPEN (new deadline)
├──review: continues (new deadline)
└──reassign── RETURNED ◀──report: declined by recipient── OPEN
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.foundation.clock import london_instant
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


@dataclass(frozen=True, slots=True)
class Deadline:
    """A civil date in London, or an instant for life-safety duties counted in hours. Exactly one is set."""

    on: date | None
    at: datetime | None
    life_safety: bool = False

    @property
    def passes_at(self) -> datetime:
        """From this instant the action is late: the deadline itself, or the end of its London day."""
        if self.at is not None:
            return self.at
        assert self.on is not None  # noqa: S101 - the class's own promise
        return london_instant(self.on + timedelta(days=1), 0)
