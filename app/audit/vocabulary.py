"""The kinds of processing that are logged. Words only."""

from enum import StrEnum


class Category(StrEnum):
    """The kinds of processing that section 62 of the Data Protection Act 2018 wants logged, sign-ins and refusals.

    The sixth kind, erasure, does not occur: the service erases no personal data.
    """

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    SIGN_IN = "sign-in"
    REFUSAL = "refusal"
