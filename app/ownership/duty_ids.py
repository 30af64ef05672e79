"""The ids of the duties that this room opens when a forum does not take a need."""

PROPOSE_AGAIN = "D15"
STRATEGIC_DECISION = "I5"


def propose_again(kind: str, forum: str) -> str:
    """The duty to propose again after this forum did not take it, such as `D15:LEAD:MATAC`."""
    return f"{PROPOSE_AGAIN}:{kind}:{forum}"


def strategic_decision(need_kind: str) -> str:
    """The strategic lead's duty to name an owner, such as `I5:PERPETRATOR`."""
    return f"{STRATEGIC_DECISION}:{need_kind}"
