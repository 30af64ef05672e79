"""The ids of the policy's duties that this room treats in a way of their own."""

from collections.abc import Collection
from typing import Final

from app.routing.policy.duty_ids import (
    DISCLOSURE_APPLICATION,
    DISCLOSURE_DECISION,
    DISCLOSURE_FROM_MEETING,
    PROPOSE_NEXT_FORUM,
    RESEARCH,
    SUPERVISION_RESEARCH,
)

# Every duty of the domestic violence disclosure scheme begins with one of these: D28 has variants, D29r follows D29.
DISCLOSURE_SCHEME: Final = (DISCLOSURE_APPLICATION, DISCLOSURE_DECISION, DISCLOSURE_FROM_MEETING)
NAME_AN_OWNER: Final = "NAME_OWNER"  # this product's own duty, in no policy file
CAME_BACK: Final[Collection[str]] = (PROPOSE_NEXT_FORUM, NAME_AN_OWNER)
"""The duties that are open because a forum did not take a need; each names the forum or the need after a colon."""


def is_research(duty: str | None) -> bool:
    """Returns whether the duty asks an agency what it holds, of which nobody else can say anything."""
    # Research is one duty for each agency: the agency follows the colon.
    return (duty or "").partition(":")[0] in {RESEARCH, SUPERVISION_RESEARCH}
