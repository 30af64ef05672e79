"""The vocabulary of a referral that only routing reads; `app.vocabulary` holds what every room shares.

The module is long because it is one list of terms, which is read beside the forms of the field.
"""

from enum import StrEnum
from typing import Final

NOT_MANAGED: Final = "not_managed"
"""The value of the MAPPA level of somebody whom MAPPA is known not to manage."""


class AssessmentTool(StrEnum):
    """The risk assessment tool. 14 ticks of 24 and 14 ticks of 27 are not the same threshold."""

    DASH24 = "DASH24"
    DASH27 = "DASH27"
    DARA = "DARA"
    DASH_OLDER = "DASH_OLDER"
    DASH_YOUNG = "DASH_YOUNG"
    MERIT = "MERIT"
    OTHER = "OTHER"


class DashAnswer(StrEnum):
    """The answer to a question of a form. NOT_ASKED is kept apart from DONT_KNOW; neither is a no."""

    YES = "YES"
    NO = "NO"
    DONT_KNOW = "DONT_KNOW"
    NOT_ASKED = "NOT_ASKED"


class AnswerSource(StrEnum):
    """Who answered a form. A form that the perpetrator answered is not an assessment of the victim's risk."""

    VICTIM = "VICTIM"
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


class Relationship(StrEnum):
    """What the perpetrator is to the victim (Domestic Abuse Act 2021, section 2)."""

    SPOUSE = "SPOUSE"
    EX_SPOUSE = "EX_SPOUSE"
    CIVIL_PARTNER = "CIVIL_PARTNER"
    EX_CIVIL_PARTNER = "EX_CIVIL_PARTNER"
    INTIMATE_PARTNER = "INTIMATE_PARTNER"
    EX_INTIMATE_PARTNER = "EX_INTIMATE_PARTNER"
    ENGAGED = "ENGAGED"
    CO_PARENT = "CO_PARENT"
    CHILD_OF_VICTIM = "CHILD_OF_VICTIM"
    PARENT_OF_VICTIM = "PARENT_OF_VICTIM"
    SIBLING = "SIBLING"
    OTHER_RELATIVE = "OTHER_RELATIVE"
    NOT_CONNECTED = "NOT_CONNECTED"


class VictimAwareness(StrEnum):
    """Whether the victim knows that agencies know; if not, because it is not safe to say or nobody reached them."""

    AWARE = "AWARE"
    NOT_AWARE_UNSAFE = "NOT_AWARE_UNSAFE"
    NOT_AWARE_NOT_REACHED = "NOT_AWARE_NOT_REACHED"


class ContactChannel(StrEnum):
    CALL = "CALL"
    TEXT = "TEXT"
    EMAIL = "EMAIL"
    POST = "POST"
    IN_PERSON = "IN_PERSON"
    THROUGH_AGENCY = "THROUGH_AGENCY"


class LostContactChoice(StrEnum):
    """What the victim wants done when nobody can reach them."""

    POLICE_CHECK = "POLICE_CHECK"
    AGENCY_ONLY = "AGENCY_ONLY"
    ASK_FIRST = "ASK_FIRST"


class BannedListener(StrEnum):
    """Who must not be told, beside the perpetrator."""

    PERPETRATOR_FAMILY = "PERPETRATOR_FAMILY"
    VICTIM_FAMILY = "VICTIM_FAMILY"
    COMMUNITY = "COMMUNITY"
    EMPLOYER = "EMPLOYER"
    NAMED_PERSON = "NAMED_PERSON"


class AccessNeed(StrEnum):
    BSL = "BSL"
    EASY_READ = "EASY_READ"
    TEXT_ONLY = "TEXT_ONLY"
    HEARING_LOOP = "HEARING_LOOP"
    MOBILITY = "MOBILITY"
    OTHER = "OTHER"


class SharingGround(StrEnum):
    """On what ground information is shared without consent."""

    VITAL_INTERESTS = "VITAL_INTERESTS"
    PUBLIC_TASK = "PUBLIC_TASK"
    CRIME_PREVENTION = "CRIME_PREVENTION"
    CHILD_SAFEGUARDING = "CHILD_SAFEGUARDING"
    ADULT_SAFEGUARDING = "ADULT_SAFEGUARDING"
    PUBLIC_INTEREST = "PUBLIC_INTEREST"
    COURT = "COURT"


class PoliceContactWish(StrEnum):
    """Whether the victim wants to speak to the police about the offences that they told of."""

    YES = "YES"
    NO = "NO"
    NOT_ASKED = "NOT_ASKED"


class ClaimedCriterion(StrEnum):
    """The criterion of MARAC that the referrer's form names. It is compared with our findings and decides nothing."""

    VISIBLE_HIGH_RISK = "VISIBLE_HIGH_RISK"
    PROFESSIONAL_JUDGEMENT = "PROFESSIONAL_JUDGEMENT"
    POTENTIAL_ESCALATION = "POTENTIAL_ESCALATION"
    REPEAT = "REPEAT"
    TRANSFER = "TRANSFER"


class SupportNeed(StrEnum):
    """A need that says whom to invite. It is no diagnosis."""

    SUBSTANCE_USE = "SUBSTANCE_USE"
    MENTAL_HEALTH = "MENTAL_HEALTH"
    LEARNING_DISABILITY = "LEARNING_DISABILITY"
    SELF_HARM = "SELF_HARM"
    HOUSING = "HOUSING"
    MONEY = "MONEY"


class VisitRisk(StrEnum):
    """What endangers whoever visits. Each of them means a visit in pairs."""

    FIREARM = "FIREARM"
    KNIFE = "KNIFE"
    DOG = "DOG"
    VIOLENT_TO_STAFF = "VIOLENT_TO_STAFF"
    OTHER_PERSON = "OTHER_PERSON"


class Tenure(StrEnum):
    OWNED = "OWNED"
    PRIVATE_RENT = "PRIVATE_RENT"
    COUNCIL = "COUNCIL"
    HOUSING_ASSOCIATION = "HOUSING_ASSOCIATION"
    REFUGE = "REFUGE"
    TEMPORARY = "TEMPORARY"
    WITH_OTHERS = "WITH_OTHERS"
    NO_FIXED_ABODE = "NO_FIXED_ABODE"


class TenancyHolder(StrEnum):
    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"
    JOINT = "JOINT"
    OTHER = "OTHER"


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


class Injury(StrEnum):
    """How badly somebody was hurt in the incident. No medical detail is held."""

    NONE = "NONE"
    MINOR = "MINOR"
    SERIOUS = "SERIOUS"


class NotArrestedReason(StrEnum):
    """Why the suspect of an incident was not arrested, as the officer's form asks it."""

    LEFT_BEFORE_POLICE = "LEFT_BEFORE_POLICE"
    NO_GROUNDS = "NO_GROUNDS"
    NOT_NECESSARY = "NOT_NECESSARY"
    VOLUNTARY_INTERVIEW = "VOLUNTARY_INTERVIEW"
    VICTIM_DID_NOT_SUPPORT = "VICTIM_DID_NOT_SUPPORT"
    OTHER = "OTHER"


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
    YOUTH_REHABILITATION_ORDER = "YOUTH_REHABILITATION_ORDER"
    HOSPITAL_CONDITIONS = "HOSPITAL_CONDITIONS"
    OTHER = "OTHER"


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
    NON_MOL_INTERIM = "NON_MOL_INTERIM"
    OCCUPATION_ORDER = "OCCUPATION_ORDER"
    UNDERTAKING = "UNDERTAKING"
    CHILD_ARRANGEMENTS = "CHILD_ARRANGEMENTS"
    STALKING_PROTECTION_ORDER = "STALKING_PROTECTION_ORDER"
    FORCED_MARRIAGE_PROTECTION_ORDER = "FORCED_MARRIAGE_PROTECTION_ORDER"
    FGM_PROTECTION_ORDER = "FGM_PROTECTION_ORDER"
    SEXUAL_HARM_PREVENTION_ORDER = "SEXUAL_HARM_PREVENTION_ORDER"
    SEXUAL_RISK_ORDER = "SEXUAL_RISK_ORDER"
    DVPN = "DVPN"
    DVPO = "DVPO"
    DAPN = "DAPN"
    DAPO = "DAPO"
    BAIL_CONDITION = "BAIL_CONDITION"
    OTHER = "OTHER"


class DisclosureRoute(StrEnum):
    """How a disclosure request began: somebody asked, the police came to know, or MARAC discloses directly."""

    RIGHT_TO_ASK = "RIGHT_TO_ASK"
    RIGHT_TO_KNOW = "RIGHT_TO_KNOW"
    MARAC_DIRECT = "MARAC_DIRECT"


class DisclosureOutcome(StrEnum):
    """How a disclosure request ended. What was disclosed is never held."""

    DISCLOSED = "DISCLOSED"
    NOT_DISCLOSED = "NOT_DISCLOSED"
    WITHDRAWN = "WITHDRAWN"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"


class ChildRelation(StrEnum):
    """What a child is to one of the two people."""

    CHILD = "CHILD"
    STEPCHILD = "STEPCHILD"
    GRANDCHILD = "GRANDCHILD"
    SIBLING = "SIBLING"
    OTHER_RELATIVE = "OTHER_RELATIVE"
    NOT_RELATED = "NOT_RELATED"


class ChildPlan(StrEnum):
    """The plan under which a child is helped: child protection, child in need, looked after, early help, or none."""

    CP = "CP"
    CIN = "CIN"
    LOOKED_AFTER = "LOOKED_AFTER"
    EARLY_HELP = "EARLY_HELP"
    NONE = "NONE"


class ChildSetting(StrEnum):
    """Where a child is taught or looked after. `HOME`: the council knows; `NONE`: nowhere is known."""

    SCHOOL = "SCHOOL"
    COLLEGE = "COLLEGE"
    ALTERNATIVE_PROVISION = "ALTERNATIVE_PROVISION"
    EARLY_YEARS = "EARLY_YEARS"
    HOME = "HOME"
    NONE = "NONE"


class ContactOrder(StrEnum):
    """What a court ordered of the child's contact with the perpetrator."""

    NONE = "NONE"
    LIVES_WITH_PERPETRATOR = "LIVES_WITH_PERPETRATOR"
    SPENDS_TIME_WITH_PERPETRATOR = "SPENDS_TIME_WITH_PERPETRATOR"
    SUPERVISED_CONTACT = "SUPERVISED_CONTACT"
    INDIRECT_CONTACT = "INDIRECT_CONTACT"
    NO_CONTACT = "NO_CONTACT"


class MaracStage(StrEnum):
    """The stage of this case at MARAC. A repeat is a new case and starts again."""

    NOT_REFERRED = "NOT_REFERRED"
    REFERRED = "REFERRED"
    LISTED = "LISTED"
    HEARD = "HEARD"
    DISCHARGED = "DISCHARGED"
