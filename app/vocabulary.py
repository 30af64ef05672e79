"""The terms of the field that several rooms use, as enums. No behaviour.

The module is long because it is one list of terms: a word that stands in it once has one meaning everywhere.
"""

from enum import StrEnum
from typing import Final

POLICY_ID: Final = r"^[a-z][a-z0-9-]{0,59}$"
"""What the id of a policy looks like: it stands in addresses and file names, so it has nothing that leads elsewhere."""

POLICY_VERSION: Final = r"^[0-9]{1,4}(\.[0-9]{1,4}){0,2}$"
"""What the version of a policy looks like, such as 2.0.0."""


class Forum(StrEnum):
    """A multi-agency process or agency that can be asked to lead. `HUB` is the police PVP hub, which cannot decline."""

    MARAC = "MARAC"
    MATAC = "MATAC"
    MAPPA_L3 = "MAPPA_L3"
    MAPPA_L2 = "MAPPA_L2"
    MAPPA_L1_LEAD_AGENCY = "MAPPA_L1_LEAD_AGENCY"
    SUPERVISING_SERVICE = "SUPERVISING_SERVICE"
    IOM = "IOM"
    DAPP = "DAPP"
    PDP = "PDP"
    HUB = "HUB"
    REFERRING_AGENCY = "REFERRING_AGENCY"
    YOUTH_JUSTICE = "YOUTH_JUSTICE"
    CHILDRENS_SOCIAL_CARE = "CHILDRENS_SOCIAL_CARE"
    PRISON_OMU = "PRISON_OMU"


class Role(StrEnum):
    """A post in an area's directory. Its agency owns duties, answers for a forum and gets reminders."""

    PVP_HUB = "PVP_HUB"
    REFERRER = "REFERRER"
    ATTENDING_SUPERVISOR = "ATTENDING_SUPERVISOR"
    RESPONSE_SUPERVISOR = "RESPONSE_SUPERVISOR"
    POLICE_SUPERVISOR = "POLICE_SUPERVISOR"
    POLICE_INSPECTOR = "POLICE_INSPECTOR"
    INVESTIGATION_TEAM = "INVESTIGATION_TEAM"
    DVDS_TEAM = "DVDS_TEAM"
    IDVA = "IDVA"
    MARAC_COORDINATOR = "MARAC_COORDINATOR"
    MARAC_CHAIR = "MARAC_CHAIR"
    MATAC_COORDINATOR = "MATAC_COORDINATOR"
    MAPPA_COORDINATOR = "MAPPA_COORDINATOR"
    IOM_COORDINATOR = "IOM_COORDINATOR"
    DAPP_COORDINATOR = "DAPP_COORDINATOR"
    PDP_COORDINATOR = "PDP_COORDINATOR"
    SUPERVISING_PRACTITIONER = "SUPERVISING_PRACTITIONER"
    SENIOR_PROBATION = "SENIOR_PROBATION"
    PRISON_OMU = "PRISON_OMU"
    YOUTH_JUSTICE = "YOUTH_JUSTICE"
    CHILDRENS_SOCIAL_CARE = "CHILDRENS_SOCIAL_CARE"
    ADULT_SOCIAL_CARE = "ADULT_SOCIAL_CARE"
    DESIGNATED_OFFICER = "DESIGNATED_OFFICER"
    HOUSING = "HOUSING"
    EDUCATION = "EDUCATION"
    MENTAL_HEALTH = "MENTAL_HEALTH"
    SUBSTANCE_MISUSE = "SUBSTANCE_MISUSE"
    PRIMARY_CARE = "PRIMARY_CARE"
    SECONDARY_CARE = "SECONDARY_CARE"
    VICTIM_LIAISON = "VICTIM_LIAISON"
    LINE_MANAGER = "LINE_MANAGER"
    STRATEGIC_LEAD = "STRATEGIC_LEAD"
    OTHER = "OTHER"


HELD_BY_MANY = frozenset(
    {
        Role.REFERRER,
        Role.LINE_MANAGER,
        Role.SUPERVISING_PRACTITIONER,
        Role.SENIOR_PROBATION,
        Role.VICTIM_LIAISON,
        Role.EDUCATION,
        Role.HOUSING,
        Role.MENTAL_HEALTH,
        Role.SUBSTANCE_MISUSE,
        Role.PRIMARY_CARE,
        Role.SECONDARY_CARE,
        Role.OTHER,
    }
)
"""Posts that several agencies of one area hold: each has a line manager, and there are many schools, landlords, GPs."""


class Approach(StrEnum):
    """What an action aimed at the perpetrator does. It is counted and decides nothing."""

    SUPPORT = "SUPPORT"
    PREVENT = "PREVENT"
    DIVERT = "DIVERT"
    DISRUPT = "DISRUPT"
    ENFORCE = "ENFORCE"


class AgencyKind(StrEnum):
    """What an agency is, for counting where referrals come from. COUNCIL and HEALTH hold several services."""

    POLICE = "POLICE"
    IDVA = "IDVA"
    COUNCIL = "COUNCIL"
    CHILDRENS_SOCIAL_CARE = "CHILDRENS_SOCIAL_CARE"
    ADULT_SAFEGUARDING = "ADULT_SAFEGUARDING"
    HEALTH = "HEALTH"
    PRIMARY_CARE = "PRIMARY_CARE"
    SECONDARY_CARE = "SECONDARY_CARE"
    MENTAL_HEALTH = "MENTAL_HEALTH"
    SUBSTANCE_MISUSE = "SUBSTANCE_MISUSE"
    EDUCATION = "EDUCATION"
    HOUSING = "HOUSING"
    PROBATION = "PROBATION"
    VOLUNTARY_SECTOR = "VOLUNTARY_SECTOR"
    MASH = "MASH"
    OTHER = "OTHER"


class NeedKind(StrEnum):
    """The two needs of every case (DHR "Jean" 14.2.6): the victim's safety and the perpetrator's management."""

    VICTIM_SAFETY = "VICTIM_SAFETY"
    PERPETRATOR = "PERPETRATOR"


class DeclineCode(StrEnum):
    """Why a forum declines. A decline for `CAPACITY` never moves ownership."""

    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    MANAGED_ELSEWHERE = "MANAGED_ELSEWHERE"
    NOT_SERIAL = "NOT_SERIAL"
    NOT_CONVICTED = "NOT_CONVICTED"
    INSUFFICIENT_INFO = "INSUFFICIENT_INFO"
    OUT_OF_AREA = "OUT_OF_AREA"
    DUPLICATE = "DUPLICATE"
    CAPACITY = "CAPACITY"


class ProposalState(StrEnum):
    """The state of a proposal to lead. Sending makes it `PROPOSED`; only `ACCEPTED` makes an owner."""

    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


class EndReason(StrEnum):
    """The only reasons for which a need ends. There is no "closed" without a reason (DHR "Jean" 14.2.2)."""

    RISK_RESOLVED = "RISK_RESOLVED"
    MOVED = "MOVED"
    DECEASED = "DECEASED"
    CUSTODY_NO_RELEASE = "CUSTODY_NO_RELEASE"
    DUPLICATE_OF = "DUPLICATE_OF"


class ActionState(StrEnum):
    """The stored state of an action. "Overdue" and "unreviewed" depend on the time and are not stored.

    PLANNED: it opens on a later day, and nobody is asked before. ENDED: what is on record ended it, or its owner's
    report that an ordinary duty is done.
    """

    PLANNED = "PLANNED"
    OPEN = "OPEN"
    REPORTED = "REPORTED"
    REVIEWED = "REVIEWED"
    RETURNED = "RETURNED"
    ENDED = "ENDED"


UNFINISHED: Final = (ActionState.OPEN, ActionState.REPORTED, ActionState.RETURNED)
"""The states in which somebody is asked for something: to do it, to review it, or to decide what follows."""


class ActionOutcome(StrEnum):
    """The outcome of an action, in the words of the SafeLives minutes checklist.

    The last two are never reported: what is on record ends the action.
    """

    COMPLETED = "COMPLETED"
    DECLINED_BY_RECIPIENT = "DECLINED_BY_RECIPIENT"
    NOT_POSSIBLE_CIRCUMSTANCES_CHANGED = "NOT_POSSIBLE_CIRCUMSTANCES_CHANGED"
    NOT_DONE = "NOT_DONE"
    SUPERSEDED = "SUPERSEDED"
    WITHDRAWN = "WITHDRAWN"
    DONE_ON_RECORD = "DONE_ON_RECORD"
    NO_LONGER_OWED = "NO_LONGER_OWED"


class Grade(StrEnum):
    """The risk grade of a police assessment."""

    STANDARD = "STANDARD"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Nation(StrEnum):
    """The nation whose bank holidays count."""

    ENGLAND = "ENG"
    WALES = "WLS"


class SubjectType(StrEnum):
    """What an event, a reminder or a work item is about. Its word is part of the event's body and of its link."""

    ACTION = "action"
    CASE = "case"
    DELIVERY = "delivery"
    DIGEST = "digest"
    ENDING = "ending"
    ENDPOINT = "endpoint"
    ENQUIRY = "enquiry"
    LINK_PROPOSAL = "link_proposal"
    MEETING = "meeting"
    NEED = "need"
    PROPOSAL = "proposal"
    REFERRAL = "referral"
    RELEASE = "release"
    TRANSFER = "transfer"


class EventType(StrEnum):
    """The events that partner systems can receive. Their bodies carry ids and links, never names."""

    REFERRAL_ROUTED = "referral.routed"
    REFERRAL_REROUTED = "referral.rerouted"
    LEAD_PROPOSED = "lead.proposed"
    LEAD_ACCEPTED = "lead.accepted"
    LEAD_DECLINED = "lead.declined"
    LEAD_EXPIRED = "lead.expired"
    LEAD_WITHDRAWN = "lead.withdrawn"
    LEAD_ESCALATED = "lead.escalated"
    ENDING_ASKED = "ending.asked"
    ENDING_ANSWERED = "ending.answered"
    NEED_ENDED = "need.ended"
    TRANSFER_PROPOSED = "transfer.proposed"
    TRANSFER_ACCEPTED = "transfer.accepted"
    TRANSFER_DECLINED = "transfer.declined"
    TRANSFER_WITHDRAWN = "transfer.withdrawn"
    CASE_LISTED = "case.listed"
    CASE_EMERGENCY_DECIDED = "case.emergency_decided"
    CASE_HEARD = "case.heard"
    CASE_DISCHARGED = "case.discharged"
    MEETING_COMPLETED = "meeting.completed"
    WORK_ASSIGNED = "work.assigned"
    ACTION_REDATED = "action.redated"
    ACTION_REPORTED = "action.reported"
    ACTION_RETURNED = "action.returned"
    ACTION_NOT_DONE = "action.not_done"
    ACTION_REVIEWED = "action.reviewed"
    ACTION_ENDED = "action.ended"
    ENQUIRY_ASKED = "enquiry.asked"
    ENQUIRY_ANSWERED = "enquiry.answered"
    RELEASE_MADE = "release.made"
    LINK_PROPOSED = "link.proposed"
    REMINDER_DIGEST = "reminder.digest"
    REMINDER_DANGER = "reminder.danger"
    ENDPOINT_VERIFY = "endpoint.verify"
    ENDPOINT_TEST = "endpoint.test"
    ENDPOINT_PAUSED = "endpoint.paused"
    DELIVERY_UNDELIVERED = "delivery.undelivered"
