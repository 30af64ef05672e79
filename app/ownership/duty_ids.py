"""The ids of the duties that this room opens: when a forum does not take a need, and when its person died elsewhere."""

from app.actions.duty_ids import NAME_AN_OWNER
from app.routing.policy.duty_ids import PROPOSE_NEXT_FORUM

DEATH_ON_RECORD = "DEATH_ON_RECORD"


def propose_again(kind: str, forum: str) -> str:
    """Returns the duty to propose again after this forum did not take it, such as `D15.propose:LEAD:MATAC`."""
    return f"{PROPOSE_NEXT_FORUM}:{kind}:{forum}"


def name_an_owner(need_kind: str) -> str:
    """Returns the strategic lead's duty to name an owner, such as `NAME_OWNER:PERPETRATOR`."""
    return f"{NAME_AN_OWNER}:{need_kind}"
