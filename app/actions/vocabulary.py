"""The words of actions that no other room says. Words only."""

from enum import StrEnum


class ChangeKind(StrEnum):
    """What a recorded change of an action changed. `AGAIN` names the failed action that this one tries again."""

    OWNER = "owner"
    LEAD = "lead"
    COVER = "cover"
    RECIPIENT = "recipient"
    AGAIN = "tried again"
    WORDS = "words"


class ReviewVerdict(StrEnum):
    """What a second person found."""

    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    CONTINUES = "CONTINUES"
