"""The ids of the policy's duties that this room treats in a way of their own."""

from typing import Final

from app.routing.policy.duty_ids import (
    DISCLOSURE_APPLICATION,
    DISCLOSURE_DECISION,
    DISCLOSURE_FROM_MEETING,
    RESEARCH,
    SUPERVISION_RESEARCH,
)

# Every duty of the domestic violence disclosure scheme begins with one of these: D28 has variants, D29r follows D29.
DISCLOSURE_SCHEME: Final = (DISCLOSURE_APPLICATION, DISCLOSURE_DECISION, DISCLOSURE_FROM_MEETING)


def is_research(duty: str | None) -> bool:
    """Returns whether the duty asks an agency what it holds, of which nobody else can say anything."""
    # Research is one duty for each agency: the agency follows the colon.
    return (duty or "").partition(":")[0] in {RESEARCH, SUPERVISION_RESEARCH}
