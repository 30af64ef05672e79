"""The words of the counting fields. Words only; their groups are those of the SafeLives return."""

from enum import StrEnum


class EthnicGroup(StrEnum):
    """The group that the return counts. NOT_STATED: asked, and not said; left out: not collected."""

    ASIAN = "ASIAN"
    BLACK = "BLACK"
    MIXED = "MIXED"
    WHITE_BRITISH = "WHITE_BRITISH"
    WHITE_OTHER = "WHITE_OTHER"
    OTHER = "OTHER"
    NOT_STATED = "NOT_STATED"


class Sex(StrEnum):
    """The victim's sex, as the return counts it. NOT_STATED: asked, and not said; left out: not collected."""

    FEMALE = "FEMALE"
    MALE = "MALE"
    OTHER = "OTHER"
    NOT_STATED = "NOT_STATED"
