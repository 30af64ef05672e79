"""The words for forums, roles and due rules."""

from collections.abc import Mapping
from enum import StrEnum

from app.routing.policy.types import DueRule, DueUnit, DutyKind, DutySubject
from app.routing.policy.vocabulary import OrderKind
from app.vocabulary import Forum, Role

FORUM_NAMES: Mapping[Forum, str] = {
    Forum.MARAC: "MARAC",
    Forum.MATAC: "MATAC",
    Forum.MAPPA_L3: "MAPPA level 3",
    Forum.MAPPA_L2: "MAPPA level 2",
    Forum.MAPPA_L1_LEAD_AGENCY: "the MAPPA level 1 lead agency",
    Forum.SUPERVISING_SERVICE: "the supervising service",
    Forum.IOM: "IOM",
    Forum.DAPP: "DAPP",
    Forum.PDP: "the force's PDP panel",
    Forum.HUB: "the police PVP hub",
    Forum.REFERRING_AGENCY: "the referring agency",
    Forum.YOUTH_JUSTICE: "youth justice",
    Forum.CHILDRENS_SOCIAL_CARE: "children's social care",
    Forum.PRISON_OMU: "the prison's offender management unit",
}
ORDER_NAMES: Mapping[OrderKind, str] = {
    OrderKind.RESTRAINING_ORDER: "a restraining order",
    OrderKind.NON_MOLESTATION_ORDER: "a non-molestation order",
    OrderKind.NON_MOL_INTERIM: "an interim non-molestation order",
    OrderKind.OCCUPATION_ORDER: "an occupation order",
    OrderKind.UNDERTAKING: "an undertaking",
    OrderKind.CHILD_ARRANGEMENTS: "a child arrangements order",
    OrderKind.FORCED_MARRIAGE_PROTECTION_ORDER: "a forced marriage protection order",
    OrderKind.FGM_PROTECTION_ORDER: "an FGM protection order",
    OrderKind.SEXUAL_HARM_PREVENTION_ORDER: "a sexual harm prevention order",
    OrderKind.SEXUAL_RISK_ORDER: "a sexual risk order",
    OrderKind.STALKING_PROTECTION_ORDER: "a stalking protection order",
    OrderKind.DVPN: "a protection notice",
    OrderKind.DVPO: "a protection order",
    OrderKind.DAPN: "a protection notice",
    OrderKind.DAPO: "a protection order",
    OrderKind.BAIL_CONDITION: "a bail condition",
    OrderKind.OTHER: "an order",
}
KIND_NAMES: Mapping[DutyKind, str] = {
    DutyKind.ACT: "an action",
    DutyKind.STEP: "a step that the service sees happen",
    DutyKind.GUARD: "a rule that is enforced at its moment",
    DutyKind.ENQUIRY: "a question of its owner's enquiry",
    DutyKind.LATER: "an action that opens later",
}
SUBJECT_NAMES: Mapping[DutySubject, str] = {
    DutySubject.VICTIM: "the victim",
    DutySubject.CHILDREN: "the children",
    DutySubject.PERPETRATOR: "the perpetrator",
    DutySubject.COUPLE: "the couple",
    DutySubject.REPORT: "the report",
}
_ACRONYMS = frozenset({"PVP", "IDVA", "MARAC", "MATAC", "MAPPA", "IOM", "DAPP", "PDP", "DVDS", "OMU"})
_COUNTED: Mapping[DueUnit, str] = {
    DueUnit.HOURS: "hour",
    DueUnit.WORKING_DAYS: "working day",
    DueUnit.DAYS: "day",
    DueUnit.WEEKS: "week",
    DueUnit.MONTHS: "month",
}


def forum_name(forum: Forum) -> str:
    """Returns the forum in words."""
    return FORUM_NAMES[forum]


def in_words(word: StrEnum) -> str:
    """Returns a closed word as a sentence says it: `SPENDS_TIME_WITH_PERPETRATOR` is "spends time with perpetrator"."""
    return word.value.replace("_", " ").lower()


def role_name(role: Role) -> str:
    """Returns the role in words: `MARAC_CHAIR` is "MARAC chair"."""
    words = role.value.split("_")
    return " ".join(word if word in _ACRONYMS else word.lower() for word in words)


def capitalised(text: str) -> str:
    """Returns the text with a capital first letter; every other letter stays as it is."""
    return text[:1].upper() + text[1:]


def due_name(rule: DueRule) -> str:
    """Returns the due rule in words: "within 2 working days", "8 working days before next hearing"."""
    anchor = rule.counted_from.replace("_", " ")
    if rule.unit in {DueUnit.SAME_DAY, DueUnit.AT_ONCE}:
        return "the same day" if rule.unit is DueUnit.SAME_DAY else "at once"
    if rule.unit in {DueUnit.AT, DueUnit.BEFORE}:
        return f"{rule.unit.value} {anchor}"
    amount = f"{abs(rule.amount)} {_COUNTED[rule.unit]}{'' if abs(rule.amount) == 1 else 's'}"
    if rule.amount < 0:
        return f"{amount} before {anchor}"
    if rule.counted_from == "reporting":
        return f"within {amount} of the report"
    return f"within {amount}" if rule.counted_from == "decision" else f"{amount} after {anchor}"


def owed_again_name(repeats_every: DueRule | None, again_within: DueRule | None) -> str:
    """Returns when a duty is owed again, in words; empty when a report ends it."""
    repeats = f"owed again {due_name(repeats_every)}" if repeats_every else ""
    again = f"if not done, owed again {due_name(again_within)}, and the chair is told" if again_within else ""
    return "; ".join(each for each in (repeats, again) if each)
