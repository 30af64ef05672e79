"""Says whether a decision asks a forum to lead although somebody owns the need already. Pure.

A forum that accepted keeps the need before every forum below it, until what it rests on is known to have ended: the
custody, the order, the age. MARAC keeps a victim, or waits for one, whatever is reported of another perpetrator.
Source: DHR "Jean" 14.2.2-14.2.6; the order is a product default [I].
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.policy.types import Fact
from app.vocabulary import Forum, NeedKind

PERPETRATOR_ORDER = (
    Forum.MAPPA_L3,
    Forum.MAPPA_L2,
    Forum.PRISON_OMU,
    Forum.YOUTH_JUSTICE,
    Forum.CHILDRENS_SOCIAL_CARE,
    Forum.MAPPA_L1_LEAD_AGENCY,
    Forum.SUPERVISING_SERVICE,
    Forum.IOM,
    Forum.MATAC,
    Forum.DAPP,
    Forum.PDP,
    Forum.HUB,
)
# Whom a case that does not meet MARAC may ask about a victim whom MARAC has or waits for: a child is never MARAC's.
BESIDE_MARAC = frozenset({Forum.MARAC, Forum.CHILDRENS_SOCIAL_CARE})
HELD_ELSEWHERE = {NeedKind.VICTIM_SAFETY: "victim_held_elsewhere", NeedKind.PERPETRATOR: "held_elsewhere"}
_HELD_BY = {NeedKind.VICTIM_SAFETY: "victim_held_by", NeedKind.PERPETRATOR: "held_by"}
# The answer that says that what the forum rests on has ended; while it is open, nobody knows that.
_ENDED: Mapping[str, tuple[str, frozenset[str]]] = {
    Forum.PRISON_OMU: ("custody", frozenset({"no"})),
    Forum.YOUTH_JUSTICE: ("youth", frozenset({"no"})),
    Forum.CHILDRENS_SOCIAL_CARE: ("youth", frozenset({"no"})),
    Forum.MAPPA_L1_LEAD_AGENCY: ("mappa", frozenset({"none", "referable"})),
    Forum.IOM: ("iom", frozenset({"none"})),
    Forum.DAPP: ("dapp", frozenset({"none"})),
    Forum.MATAC: ("matac", frozenset({"no"})),
    Forum.PDP: ("pdp", frozenset({"no"})),
}
_OF_A_VICTIM: Mapping[str, tuple[str, str]] = {
    Forum.CHILDRENS_SOCIAL_CARE: ("child_victim", "yes"),
    Forum.MARAC: ("marac", "yes"),
    Forum.MAPPA_L2: ("mappa", "l2"),
    Forum.MAPPA_L3: ("mappa", "l3"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a need stands when a forum is to be asked: who owns it, and whether that owner stays before those below it.

    `marac_first`: MARAC has the victim or is waited for, and the case that asks does not meet it.
    """

    owner: str
    stays: bool
    marac_first: bool = False

    def may_be_asked(self, forum: str) -> bool:
        """Returns whether a decision may ask the forum to lead."""
        if forum == self.owner or (self.marac_first and forum not in BESIDE_MARAC):
            return False
        return not (self.stays and is_below(forum, self.owner))


def standing(kind: NeedKind, answers: Mapping[str, str], facts: Mapping[str, Fact]) -> Standing:
    """Returns how the need stands at a decision with these answers on these facts."""
    owner = str(facts[_HELD_BY[kind]])
    stays = facts[HELD_ELSEWHERE[kind]] is True or has_ground(kind, owner, answers, facts)
    if kind is NeedKind.PERPETRATOR:
        return Standing(owner, stays)
    waits = facts["marac_elsewhere"] is True
    marac_first = answers["marac"] != "yes" and (waits or owner == Forum.MARAC)
    return Standing(owner, stays or waits, marac_first)


def has_ground(kind: NeedKind, owner: str, answers: Mapping[str, str], facts: Mapping[str, Fact]) -> bool:
    """Returns whether what this owner rests on is still so, or not known to have ended."""
    if kind is NeedKind.VICTIM_SAFETY:
        # MARAC hears a case once and discharges it: then somebody else is asked.
        discharged = owner == Forum.MARAC and facts.get("marac_stage") == "DISCHARGED"
        return not discharged and owner in _OF_A_VICTIM and _OF_A_VICTIM[owner] in answers.items()
    if owner == Forum.SUPERVISING_SERVICE:
        return facts.get("supervised") is not False
    question, ended = _ENDED.get(owner, ("mappa", frozenset()))
    return answers.get(question) not in ended


def outranks(one: str, other: str) -> bool:
    """Returns whether `one` comes before `other` in the order of perpetrator management."""
    order = [str(forum) for forum in PERPETRATOR_ORDER]
    return one in order and other in order and order.index(one) < order.index(other)


def is_below(forum: str, owner: str) -> bool:
    """Returns whether the forum comes after the owner: in the order, or because it has what nobody else takes."""
    return outranks(owner, forum) or (forum == Forum.REFERRING_AGENCY != owner)
