"""The words of people and links. Words only."""

from enum import StrEnum

RULE_AUTHOR = "rule"
"""Who proposes or makes a link where the same-identifier rule does."""


class IdentifierKind(StrEnum):
    """Who issues the number: the Police National Computer, criminal records, the NHS, probation, prisons or ViSOR."""

    PNC = "PNC"
    CRO = "CRO"
    NHS = "NHS"
    CRN = "CRN"
    NOMIS = "NOMIS"
    VISOR = "VISOR"


class LinkState(StrEnum):
    """Whether a proposal has been answered, and how, or that its clock ended without an answer."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"


class LinkBasis(StrEnum):
    """Who says that two pseudonyms are one person: the same-identifier rule, or a person."""

    IDENTIFIER = "IDENTIFIER"
    PERSON = "PERSON"


class LinkGround(StrEnum):
    """Why two pseudonyms are only proposed as one person: what stopped the rule, or what a person noticed."""

    SEEN_BY_A_PERSON = "SEEN_BY_A_PERSON"
    WITHDRAWN_BEFORE = "WITHDRAWN_BEFORE"
    REFUSED_BEFORE = "REFUSED_BEFORE"
    SEVERAL_PERSONS = "SEVERAL_PERSONS"
    CONTRADICTED = "CONTRADICTED"
    APART = "APART"


class Purpose(StrEnum):
    """Why somebody searches for a person. It is stored with the search."""

    REFERRAL = "REFERRAL"
    SAFETY_PLANNING = "SAFETY_PLANNING"
    MEETING_RESEARCH = "MEETING_RESEARCH"
    LINK_REVIEW = "LINK_REVIEW"
    SUBJECT_ACCESS = "SUBJECT_ACCESS"
