"""The words of actions that no other room says. Words only."""

from enum import StrEnum
from typing import Literal, TypeAlias

from app.vocabulary import ActionOutcome


class ChangeKind(StrEnum):
    """What a recorded change of an action changed. `AGAIN` names the failed action that this one tries again.

    ENDED: what is on record ended it.
    """

    OWNER = "owner"
    LEAD = "lead"
    COVER = "cover"
    RECIPIENT = "recipient"
    AGAIN = "tried again"
    ENDED = "ended"
    WORDS = "words"


class ReviewVerdict(StrEnum):
    """What a second person found."""

    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    CONTINUES = "CONTINUES"


ReportedOutcome: TypeAlias = Literal[
    ActionOutcome.COMPLETED,
    ActionOutcome.DECLINED_BY_RECIPIENT,
    ActionOutcome.NOT_POSSIBLE_CIRCUMSTANCES_CHANGED,
    ActionOutcome.NOT_DONE,
    ActionOutcome.SUPERSEDED,
    ActionOutcome.WITHDRAWN,
]
"""What a person reports; the other outcomes follow from what is on record."""
