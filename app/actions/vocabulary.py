"""The words of actions that no other room says. Words only."""

from enum import StrEnum


class ReviewVerdict(StrEnum):
    """What a second person found."""

    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    CONTINUES = "CONTINUES"
