"""The vocabulary of a referral that only routing reads; `app.vocabulary` holds what every room shares."""

from enum import StrEnum
from typing import Final

NOT_MANAGED: Final = "not_managed"
"""The value of the MAPPA level of somebody whom MAPPA is known not to manage."""


class AssessmentTool(StrEnum):
    """The risk assessment tool. 14 ticks of 24 and 14 ticks of 27 are not the same threshold."""

    DASH24 = "DASH24"
    DASH27 = "DASH27"
    DARA = "DARA"
    MERIT = "MERIT"
    OTHER = "OTHER"


class ReferralRoute(StrEnum):
    POLICE_DASH = "POLICE_DASH"
    PARTNER_DASH = "PARTNER_DASH"
    REPEAT = "REPEAT"
    ESCALATION = "ESCALATION"
    JUDGEMENT = "JUDGEMENT"
    DVDS_PANEL = "DVDS_PANEL"
    TRANSFER = "TRANSFER"
    PROBATION = "PROBATION"
    ASB_SCREEN = "ASB_SCREEN"


class HelpSource(StrEnum):
    """Who asked for help with the victim's safety: the victim, or somebody outside the police whom they told."""

    VICTIM = "VICTIM"
    FAMILY_OR_FRIEND = "FAMILY_OR_FRIEND"
    IDVA = "IDVA"
    HELPLINE = "HELPLINE"
    HEALTH = "HEALTH"
    EDUCATION = "EDUCATION"
    HOUSING = "HOUSING"
    SOCIAL_CARE = "SOCIAL_CARE"
    OTHER_AGENCY = "OTHER_AGENCY"


class ConsentState(StrEnum):
    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    NOT_SOUGHT_UNSAFE = "NOT_SOUGHT_UNSAFE"
    UNABLE = "UNABLE"


class IncidentOutcome(StrEnum):
    CHARGED = "CHARGED"
    ARRESTED = "ARRESTED"
    NO_FURTHER_ACTION = "NO_FURTHER_ACTION"
    OPEN = "OPEN"
    NO_CRIME = "NO_CRIME"


class RoshLevel(StrEnum):
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"


class PanelStatus(StrEnum):
    NOT_KNOWN_TO_PANEL = "NOT_KNOWN_TO_PANEL"
    REFERRED = "REFERRED"
    ACCEPTED = "ACCEPTED"
    DISCHARGED = "DISCHARGED"


class SentenceKind(StrEnum):
    """What the court imposed for one conviction; `_ON_FINDING`: after a finding of insanity or of disability.

    `DETENTION` is of somebody under 21: a young offender institution, or section 91, 250 or 252A.
    """

    CUSTODY = "CUSTODY"
    DETENTION = "DETENTION"
    DETENTION_AND_TRAINING = "DETENTION_AND_TRAINING"
    EXTENDED_DETENTION = "EXTENDED_DETENTION"
    DURING_PLEASURE = "DURING_PLEASURE"
    HOSPITAL_ORDER = "HOSPITAL_ORDER"
    GUARDIANSHIP = "GUARDIANSHIP"
    HOSPITAL_ON_FINDING = "HOSPITAL_ON_FINDING"
    GUARDIANSHIP_ON_FINDING = "GUARDIANSHIP_ON_FINDING"
    COMMUNITY = "COMMUNITY"
    FINE_OR_OTHER = "FINE_OR_OTHER"


class SentenceLength(StrEnum):
    """Whether a sentence has a number of months. `LIFE` and `INDETERMINATE` (IPP, DPP) have none."""

    FIXED = "FIXED"
    LIFE = "LIFE"
    INDETERMINATE = "INDETERMINATE"


class Inchoate(StrEnum):
    """How somebody is guilty who did not carry out the whole offence. `ENCOURAGING`: Serious Crime Act 2007, Part 2."""

    AIDING = "AIDING"
    ATTEMPT = "ATTEMPT"
    CONSPIRACY = "CONSPIRACY"
    INCITEMENT = "INCITEMENT"
    ENCOURAGING = "ENCOURAGING"


class LicenceKind(StrEnum):
    LICENCE = "LICENCE"
    COMMUNITY_ORDER = "COMMUNITY_ORDER"
    SUSPENDED_SENTENCE_ORDER = "SUSPENDED_SENTENCE_ORDER"
    POST_SENTENCE_SUPERVISION = "POST_SENTENCE_SUPERVISION"


class EscalationKind(StrEnum):
    """The evidence that the review accepts as escalation (Jean review, 14.3.4, 14.3.7, 14.3.15-17)."""

    NEW_RELATIONSHIP = "NEW_RELATIONSHIP"
    POLICE_INTELLIGENCE = "POLICE_INTELLIGENCE"
    INCIDENT_REPORT = "INCIDENT_REPORT"
    MARAC_REFERRAL = "MARAC_REFERRAL"
    MISSED_SUPERVISION = "MISSED_SUPERVISION"
    UNAPPROVED_ADDRESS = "UNAPPROVED_ADDRESS"
    OTHER_FORCE_INCIDENT = "OTHER_FORCE_INCIDENT"


class OrderKind(StrEnum):
    RESTRAINING_ORDER = "RESTRAINING_ORDER"
    NON_MOLESTATION_ORDER = "NON_MOLESTATION_ORDER"
    OCCUPATION_ORDER = "OCCUPATION_ORDER"
    STALKING_PROTECTION_ORDER = "STALKING_PROTECTION_ORDER"
    DVPN = "DVPN"
    DVPO = "DVPO"
    DAPN = "DAPN"
    DAPO = "DAPO"
    BAIL_CONDITION = "BAIL_CONDITION"
    OTHER = "OTHER"


class DvdsState(StrEnum):
    NONE = "NONE"
    APPLIED = "APPLIED"
    DISCLOSED = "DISCLOSED"
    REFUSED = "REFUSED"


class MaracStage(StrEnum):
    """The stage of this case at MARAC. A repeat is a new case and starts again."""

    NOT_REFERRED = "NOT_REFERRED"
    REFERRED = "REFERRED"
    LISTED = "LISTED"
    HEARD = "HEARD"
    DISCHARGED = "DISCHARGED"
