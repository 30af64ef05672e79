"""The words of what must be told. Words only."""

from enum import StrEnum


class FlowReceiver(StrEnum):
    """Who is told: each names a post or a service. The managers are all who manage the perpetrator, owner or not.

    The victim's side is whoever works for the victim, a sender reported from outside the case, another one holds a case
    of one of the two. New is the area or force to come, and on duty is whoever is on call. The perpetrator is told what
    a named officer released and nothing else.
    """

    MANAGERS = "MANAGERS"
    HUB = "HUB"
    MARAC = "MARAC"
    MATAC = "MATAC"
    VICTIM_SIDE = "VICTIM_SIDE"
    CSC = "CSC"
    SCHOOL = "SCHOOL"
    ASKED = "ASKED"
    SENDER = "SENDER"
    OTHER = "OTHER"
    NEW = "NEW"
    FORCE = "FORCE"
    COURT = "COURT"
    DUTY = "DUTY"
    MAPPA = "MAPPA"
    PERPETRATOR = "PERPETRATOR"


class FieldKind(StrEnum):
    """What a field of a form holds. A TEXT keeps the side of its author unless the author marks that very text.

    A RELAY is a desk in the reader's own area, whether the two are apart or not.
    """

    CODE = "code"
    CODES = "codes"
    COUNT = "count"
    DAY = "day"
    MONTH = "month"
    YES_NO = "yes_no"
    DESK = "desk"
    RELAY = "relay"
    ACTS = "acts"
    TEXT = "text"


class FlowBasis(StrEnum):
    """On what ground the law lets a flow pass. It is stored with each flow; an area's governance lead confirms it."""

    POLICE_POWER = "a"
    MAPPA_DUTY = "b"
    SAFEGUARDING = "c"
    CHILDREN = "d"
    MARAC_PROTOCOL = "e"
    CONFIDENCE = "f"
    DISCLOSURE_SCHEME = "g"
    VICTIM_CONTACT_SCHEME = "h"
    SUBJECT_ACCESS = "i"
    OWNERSHIP = "o"


class FlowLimit(StrEnum):
    """A day of the case that ends a clock earlier than its hours or working days do."""

    NEXT_SCHOOL_DAY = "NEXT_SCHOOL_DAY"
    DUE_DATE = "DUE_DATE"
    VISIT = "VISIT"
    RELEASE = "RELEASE"


class FlowSide(StrEnum):
    """Whose side reads it. A client of the perpetrator's side reads nothing of the victim's."""

    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"
    BOTH = "BOTH"


class ReleaseForm(StrEnum):
    """The whole form, or a request to find out who is to be told."""

    FULL = "FULL"
    ENQUIRY = "ENQUIRY"


class MisdirectionReason(StrEnum):
    """Why a receiver is not the one who should be told."""

    NOT_SUPERVISED_HERE = "NOT_SUPERVISED_HERE"
    SUPERVISION_ENDED = "SUPERVISION_ENDED"
    MOVED_TO_ANOTHER_SERVICE = "MOVED_TO_ANOTHER_SERVICE"
    NOT_THIS_PERSON = "NOT_THIS_PERSON"
