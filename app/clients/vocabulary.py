"""The words of clients. Words only."""

from enum import StrEnum


class ClientChangeKind(StrEnum):
    """What happened to a client or to one of its keys."""

    CLIENT_ADDED = "CLIENT_ADDED"
    CLIENT_SUSPENDED = "CLIENT_SUSPENDED"
    CLIENT_RESUMED = "CLIENT_RESUMED"
    KEY_ADDED = "KEY_ADDED"
    KEY_ROTATED = "KEY_ROTATED"
    KEY_SUSPENDED = "KEY_SUSPENDED"
    KEY_RESUMED = "KEY_RESUMED"


class KeyState(StrEnum):
    """Whether a key proves its client now, and whether it soon ends."""

    ACTIVE = "ACTIVE"
    ENDS_SOON = "ENDS_SOON"
    ENDED = "ENDED"
    SUSPENDED = "SUSPENDED"
