"""The words of reminders. Words only."""

from enum import StrEnum


class TimerState(StrEnum):
    """FIRED: each post that it tells has a line. CANCELLED: for a reason, such as a review."""

    SCHEDULED = "scheduled"
    FIRED = "fired"
    CANCELLED = "cancelled"


class MessageKind(StrEnum):
    """A digest is one for each post and working day. A danger call is one for each case and post, at its hour."""

    DIGEST = "digest"
    DANGER = "danger"
