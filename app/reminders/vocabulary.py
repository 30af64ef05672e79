"""The words of reminders. Words only."""

from enum import StrEnum


class TimerState(StrEnum):
    """MERGED: a higher rung of the same deadline spoke for it. CANCELLED: for a reason, such as a review."""

    SCHEDULED = "scheduled"
    FIRED = "fired"
    MERGED = "merged"
    CANCELLED = "cancelled"
