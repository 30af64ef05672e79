"""The kinds of processing that are logged. Words only."""

from enum import StrEnum


class Category(StrEnum):
    """The six kinds of processing that section 62 of the Data Protection Act 2018 wants logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
