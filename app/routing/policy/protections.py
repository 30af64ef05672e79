"""Which duties protect somebody at once: nothing but their own fact, a person or the end of the need ends them."""

from typing import Final

from app.routing.policy.duty_ids import AGREE_CONTACT, ARREST_PLAN, CONTACT_VICTIM, CONTACT_WHO_ASKED_FOR_HELP
from app.routing.policy.types import DutyTemplate

_CONTACT: Final = frozenset({CONTACT_VICTIM, CONTACT_WHO_ASKED_FOR_HELP})


def protects(duty: DutyTemplate) -> bool:
    """Returns whether the duty protects somebody at once: it is marked so, or it is the plan to arrest.

    So does the agreement on contact that could harm: without it nobody ever reaches the victim who waits for it.
    """
    return duty.life_safety or duty.id in {ARREST_PLAN, AGREE_CONTACT}


def lasts_until_done(duty: DutyTemplate) -> bool:
    """Returns whether no later decision ends it: it protects, or somebody was to reach the victim."""
    return protects(duty) or duty.id in _CONTACT
