"""The ids of the duties that meetings assign or fulfil, as the policy file writes them.

A duty that is owed once for each agency or action carries that id after a colon.
"""

from typing import Final

EMERGENCY_MEETING: Final = "D07"  # the chair decides whether to hold an emergency meeting
RESEARCH: Final = "D11"  # each agency returns what it holds
SUPERVISION_RESEARCH: Final = "D12"  # a supervising service returns every part it is asked
PERPETRATOR_ACTION: Final = "D13"  # the plan holds an action aimed at the perpetrator
SMART_ACTIONS: Final = "D38"  # an action of the plan says who, what, for whom and by when
ACTION_REVIEW: Final = "D40"  # the chair reviews unfinished and declined actions
DISCHARGE_GATE: Final = "D41"  # nobody is discharged without an accepted owner outside the forum
LICENCE_END: Final = "D47"  # somebody decides who owns the perpetrator after supervision ends
MATAC_AT_DISCHARGE: Final = "E06"  # MATAC is asked when MARAC discharges
MINUTES: Final = "MINUTES"  # this product's own duty, in no policy file

# The hearing, the completion or the discharge fulfils these, so the chair does not review them as actions.
FULFILLED_AT_MEETING: Final = (PERPETRATOR_ACTION, SMART_ACTIONS, ACTION_REVIEW, DISCHARGE_GATE)


def research_duty(agency: str) -> str:
    """The duty of one agency to return its research."""
    return f"{RESEARCH}:{agency}"


def escalated_action_duty(action_id: str) -> str:
    """The strategic lead's duty to settle one action that the chair escalated."""
    return f"{ACTION_REVIEW}:{action_id}"
