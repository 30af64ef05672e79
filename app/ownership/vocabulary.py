"""The words of ownership. Words only."""

from enum import StrEnum


class ProposalKind(StrEnum):
    """What a forum is asked: to lead, or to support whoever leads."""

    LEAD = "LEAD"
    SUPPORT = "SUPPORT"
