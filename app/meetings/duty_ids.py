"""The ids of the actions that meetings assign for a duty of the policy or of this product.

A duty that is owed once for each agency or action carries that id after a colon.
"""

from typing import Final

from app.routing.policy.duty_ids import (
    ACTION_REVIEW,
    DISCHARGE_GATE,
    PERPETRATOR_ACTION,
    RESEARCH,
    SMART_ACTIONS,
)

MINUTES: Final = "MINUTES"  # this product's own duty, in no policy file

# The hearing, the completion or the discharge fulfils these, so the chair does not review them as actions.
FULFILLED_AT_MEETING: Final = (PERPETRATOR_ACTION, SMART_ACTIONS, ACTION_REVIEW, DISCHARGE_GATE)


def research_duty(agency: str) -> str:
    """Returns the duty of one agency to return its research."""
    return f"{RESEARCH}:{agency}"


def escalated_action_duty(action_id: str) -> str:
    """Returns the strategic lead's duty to settle one action that the chair escalated."""
    return f"{ACTION_REVIEW}:{action_id}"
