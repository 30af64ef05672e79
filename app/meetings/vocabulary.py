"""The words of meetings. Words only."""

from enum import StrEnum


class CutOffUnit(StrEnum):
    """What the days between cut-off and meeting are counted in."""

    WORKING_DAYS = "WORKING_DAYS"
    CALENDAR_DAYS = "CALENDAR_DAYS"


class MeetingKind(StrEnum):
    """Whether the meeting belongs to the calendar or is called for a case that cannot wait."""

    ORDINARY = "ORDINARY"
    EMERGENCY = "EMERGENCY"


class EmergencyAnswer(StrEnum):
    """HOLD: an emergency meeting is held. DO_NOT_HOLD: the case waits for its hearing."""

    HOLD = "HOLD"
    DO_NOT_HOLD = "DO_NOT_HOLD"


class AimedAt(StrEnum):
    """Whom an action of the plan is aimed at. Every plan holds one aimed at the perpetrator (D13)."""

    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"
    CHILDREN = "CHILDREN"
    OTHER = "OTHER"


class ReviewFinding(StrEnum):
    """What the chair found about an unfinished action. No finding ends it: only its report and review do."""

    ON_COURSE = "ON_COURSE"
    CONTINUES = "CONTINUES"
    REASSIGNED = "REASSIGNED"
    ESCALATED = "ESCALATED"


class AttendanceKind(StrEnum):
    """How an agency took part. Information without a person counts; NEITHER records silence."""

    PRESENT = "PRESENT"
    SENT_INFORMATION = "SENT_INFORMATION"
    OBSERVER = "OBSERVER"
    NEITHER = "NEITHER"


class ResearchState(StrEnum):
    """How a request stands. NOT_RETURNED: the due day has passed without a return."""

    AWAITED = "AWAITED"
    RETURNED = "RETURNED"
    NOT_RETURNED = "NOT_RETURNED"


class ReturnState(StrEnum):
    """Whether a return counts. One that waits for its countersignature counts as if it had not been made."""

    FILED = "FILED"
    WAITS_FOR_COUNTERSIGNATURE = "WAITS_FOR_COUNTERSIGNATURE"


class ResearchBasis(StrEnum):
    """Whether an item of research is a fact that the agency's record shows, or somebody's opinion."""

    FACT = "FACT"
    OPINION = "OPINION"


class ResearchSubject(StrEnum):
    """Whom an item of research is about."""

    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"
    CHILDREN = "CHILDREN"
    OTHER = "OTHER"


class NotToContact(StrEnum):
    """Whom nobody may contact, in the experience of the agency that returns its research."""

    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"
    VICTIM_FAMILY = "VICTIM_FAMILY"
    PERPETRATOR_FAMILY = "PERPETRATOR_FAMILY"
    COMMUNITY = "COMMUNITY"
    EMPLOYER = "EMPLOYER"
    NAMED_PERSON = "NAMED_PERSON"


class Party(StrEnum):
    """The person of a case with whom an invited practitioner works."""

    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"


class ResearchForm(StrEnum):
    """The questions that an agency is asked."""

    AGENCY = "AGENCY"
    SUPERVISION = "SUPERVISION"
