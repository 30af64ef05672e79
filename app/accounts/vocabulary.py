"""The words of accounts. Words only."""

from enum import StrEnum


class AccountChangeKind(StrEnum):
    """What happened to an account."""

    ADDED = "ADDED"
    MOVED = "MOVED"
    SUSPENDED = "SUSPENDED"
    RESUMED = "RESUMED"
    LINKING_CODE_MADE = "LINKING_CODE_MADE"
    LINKED = "LINKED"
