"""The ids of the actions that meetings assign for a duty of the policy or of this product.

A duty that is owed once for each agency, meeting or action carries that id after a colon.
"""

from typing import Final

from app.routing.policy.duty_ids import ACTION_REVIEW, RESEARCH

MINUTES: Final = "MINUTES"  # this product's own duty, in no policy file, for each meeting


def research_duty(agency: str) -> str:
    """Returns the duty of one agency to return its research."""
    return f"{RESEARCH}:{agency}"


def minutes_duty(meeting_id: str) -> str:
    """Returns the duty to send the minutes of one meeting."""
    return f"{MINUTES}:{meeting_id}"


def escalated_action_duty(action_id: str) -> str:
    """Returns the strategic lead's duty to settle one action that the chair escalated."""
    return f"{ACTION_REVIEW}:{action_id}"
