"""Repeating a failed action requires a reason, at a meeting and for a case alike.

Source: SafeLives near-miss reviews: the old plan is not looked at, so actions that failed are set again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.actions.models import Action
from app.actions.schemas import ActionRequest
from app.actions.wording.similar import may_be_the_same
from app.foundation.errors import Conflict, Invalid
from app.vocabulary import ActionOutcome, ActionState

FAILED = frozenset(
    {
        ActionOutcome.DECLINED_BY_RECIPIENT,
        ActionOutcome.NOT_POSSIBLE_CIRCUMSTANCES_CHANGED,
        ActionOutcome.NOT_DONE,
    }
)


@dataclass(frozen=True, slots=True)
class _ProposedAction:
    """The action about to be recorded, as it is compared with earlier ones."""

    what: str
    id: str = ""
    duty: str | None = None


def has_failed(action: Action, now: datetime) -> bool:
    """Returns whether it was declined, could not be done, was not done, or is past its deadline and still open."""
    late = action.state == ActionState.OPEN and action.sort_at <= now
    return late or (action.outcome is not None and action.outcome in FAILED)


def failed_before(
    earlier: Iterable[Action], sent: ActionRequest, reuse_reason: str | None, now: datetime
) -> Action | None:
    """Returns the newest of the earlier actions that is much like this one and failed; None when none did.

    Raises `Conflict` (failed-before) when there is one and `reuse_reason` is missing, and `Invalid` when a reason is
    given although there is none.
    """
    newest = sorted(earlier, key=lambda one: (one.created_at, one.id), reverse=True)
    alike = (one for one in newest if may_be_the_same(_ProposedAction(sent.what), one))
    failed = next((one for one in alike if has_failed(one, now)), None)
    if failed is not None and reuse_reason is None:
        raise Conflict(
            "an action much like this one failed before; say in `reuse_reason` what will be different",
            code="failed-before",
            failed_action={"action_id": failed.id, "what": failed.what, "outcome": failed.outcome},
        )
    if failed is None and reuse_reason is not None:
        raise Invalid("nothing much like this action failed before; leave `reuse_reason` out")
    return failed
