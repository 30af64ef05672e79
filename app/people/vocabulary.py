"""The words of people and links. Words only."""

from enum import StrEnum


class IdentifierKind(StrEnum):
    """Who issues the number: the Police National Computer, criminal records, the NHS, or probation."""

    PNC = "PNC"
    CRO = "CRO"
    NHS = "NHS"
    CRN = "CRN"


class LinkState(StrEnum):
    """Whether a proposal has been answered, and how."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
