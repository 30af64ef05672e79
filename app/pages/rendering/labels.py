"""Puts states, outcomes and answers in words. Forums and roles have their names in `app.routing.policy.labels`."""

from collections.abc import Mapping

from app.foundation.asked import AskedSection
from app.inbox.vocabulary import InboxKind
from app.routing.policy.labels import capitalised, forum_name, role_name
from app.vocabulary import ActionOutcome, DeclineCode, EndReason, Forum, Role

OUTCOMES: Mapping[ActionOutcome, str] = {
    ActionOutcome.COMPLETED: "completed",
    ActionOutcome.DECLINED_BY_RECIPIENT: "declined by recipient",
    ActionOutcome.NOT_POSSIBLE_CIRCUMSTANCES_CHANGED: "not possible: circumstances changed",
    ActionOutcome.NOT_DONE: "not done",
    ActionOutcome.SUPERSEDED: "superseded",
    ActionOutcome.WITHDRAWN: "withdrawn",
    ActionOutcome.DONE_ON_RECORD: "done, as the record shows",
    ActionOutcome.NO_LONGER_OWED: "no longer owed",
}
DECLINES: Mapping[DeclineCode, str] = {
    DeclineCode.BELOW_THRESHOLD: "below threshold",
    DeclineCode.MANAGED_ELSEWHERE: "managed elsewhere",
    DeclineCode.NOT_SERIAL: "not serial",
    DeclineCode.NOT_CONVICTED: "not convicted",
    DeclineCode.INSUFFICIENT_INFO: "not enough information",
    DeclineCode.OUT_OF_AREA: "out of area",
    DeclineCode.DUPLICATE: "duplicate",
    DeclineCode.CAPACITY: "no capacity",
}
ENDINGS: Mapping[EndReason, str] = {
    EndReason.RISK_RESOLVED: "risk resolved",
    EndReason.MOVED: "moved to another area",
    EndReason.DECEASED: "deceased",
    EndReason.CUSTODY_NO_RELEASE: "in custody without release",
    EndReason.DUPLICATE_OF: "repeats another need",
}
SECTIONS: Mapping[AskedSection, str] = {
    AskedSection.DANGER: "Danger",
    AskedSection.CAME_BACK: "Came back",
    AskedSection.LATE: "Late",
    AskedSection.TODAY: "Today",
    AskedSection.NEXT: "Next",
}
KINDS: Mapping[InboxKind, str] = {
    InboxKind.PROPOSAL: "Request to answer",
    InboxKind.TRANSFER: "Transfer to answer",
    InboxKind.ENDING: "Ending to confirm",
    InboxKind.RELEASE: "To receive",
    InboxKind.LINK: "Same person?",
    InboxKind.DECLINE: "Came back declined",
    InboxKind.NOT_TAKEN: "Not taken",
    InboxKind.ENQUIRY: "Questions",
    InboxKind.ACTION: "Action",
    InboxKind.REVIEW: "Report to check",
    InboxKind.RESEARCH: "Research",
    InboxKind.COUNTERSIGNATURE: "To countersign",
    InboxKind.MEETING: "Meeting",
    InboxKind.WORK_ITEM: "Delivery",
    InboxKind.SET_UP: "Set-up",
}


def forum_words(forum: str) -> str:
    """Returns the name of the forum at the start of a line, with a capital letter."""
    return capitalised(forum_name(Forum(forum)))


def role_words(role: str) -> str:
    """Returns the name of the role at the start of a line; a role that this version does not know keeps its code."""
    return capitalised(role_name(Role(role))) if role in set(Role) else role


OPERATORS: Mapping[str, str] = {
    "==": "",
    "!=": "anything but ",
    ">=": "at least ",
    ">": "more than ",
    "<=": "at most ",
    "<": "less than ",
    "in": "",
    "is": "",
}
QUESTIONS: Mapping[str, str] = {
    "marac": "whether the criteria of MARAC are met",
    "matac": "whether the criteria of MATAC are met",
    "mappa": "state in MAPPA",
    "review": "a level review is owed",
    "matac_barred": "MATAC may not be asked yet",
    "iom": "part of IOM",
    "dapp": "part of the perpetrator programme",
    "pdp": "the PDP test is met",
    "custody": "the prison is in question",
    "youth": "the perpetrator is a child",
    "identified": "the perpetrator is identified",
    "child_victim": "the victim is a child",
    "stands_aside": "MARAC leaves the victim to the MAPPA victim plan",
}
