"""Words what to know before contact with the victim, from what stands of all statements. Pure.

The module is long because it words one note after another, and is read as a list.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from app.referrals.before_contact.response_schemas import NoteKind
from app.referrals.schemas.contact import SafeContactIn
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.schemas.victim import VictimIn
from app.routing.policy.vocabulary import (
    BannedListener,
    LostContactChoice,
    PoliceContactWish,
    TenancyHolder,
    VictimAwareness,
)
from app.vocabulary import Nation

LANGUAGES = {"cy": "Welsh", "en": "English", "bfi": "British Sign Language"}
_AWARENESS = {
    VictimAwareness.NOT_AWARE_UNSAFE: "The victim does not know that agencies know, and it is not safe to say so",
    VictimAwareness.NOT_AWARE_NOT_REACHED: "The victim does not know that agencies know: nobody has reached them yet",
}
_DIFFER = "Agencies name different ways as safe, and none that all of them name: ask them before any contact"
_BANNED = {
    BannedListener.PERPETRATOR_FAMILY: "the perpetrator's family",
    BannedListener.VICTIM_FAMILY: "the victim's family",
    BannedListener.COMMUNITY: "the community",
    BannedListener.EMPLOYER: "the employer",
    BannedListener.NAMED_PERSON: "a named person",
}
_LOST_CONTACT = {
    LostContactChoice.POLICE_CHECK: "If contact is lost, the victim wants the police to check",
    LostContactChoice.AGENCY_ONLY: "If contact is lost, the victim wants the agency alone to follow it up",
    LostContactChoice.ASK_FIRST: "If contact is lost, agree with whoever works with the victim before anybody is sent",
}
_POLICE = {
    PoliceContactWish.YES: "The victim wants to speak to the police",
    PoliceContactWish.NO: "The victim does not want to speak to the police",
    PoliceContactWish.NOT_ASKED: "Nobody has asked the victim about speaking to the police",
}
_HELD_BY = {
    TenancyHolder.VICTIM: "held by the victim",
    TenancyHolder.PERPETRATOR: "held by the perpetrator",
    TenancyHolder.JOINT: "held by both",
    TenancyHolder.OTHER: "held by somebody else",
}
HOURS, REASONS, LIMITS, WISHES = "safe_contact.hours", "must_not_be_told.reason", "consent_limits", "victim_wishes"


class ContactNote(NamedTuple):
    """One note; `parts` name the sealed texts that belong to it, by the field of the request."""

    kind: NoteKind
    says: str
    parts: tuple[str, ...] = ()


def notes_of(facts: ReferralRequest, nation: Nation, *, ways_differ: bool = False) -> list[ContactNote]:
    """Returns the notes in the order of their kinds. What nobody has stated is said where silence could harm.

    `ways_differ`: agencies name ways of contact as safe, and none that all of them name.
    """
    writers: tuple[Callable[[ReferralRequest, Nation], Iterator[ContactNote]], ...] = (
        _hold,
        partial(_safe_contact, ways_differ=ways_differ),
        _banned_listeners,
        _language,
        _access,
        _consent,
        _visit,
        _home,
        _afterwards,
    )
    return [note for write in writers for note in write(facts, nation)]


def _hold(facts: ReferralRequest, _: Nation) -> Iterator[ContactNote]:
    reasons = [_AWARENESS[facts.victim_aware]] if facts.victim_aware in _AWARENESS else []
    if facts.safe_contact is not None and facts.safe_contact.channels == []:
        reasons.append("No way of contact is safe")
    if reasons:
        says = f"{'; '.join(reasons)}: agree whether and how, before any contact"
        yield ContactNote(NoteKind.HOLD, says)


def _safe_contact(facts: ReferralRequest, _: Nation, *, ways_differ: bool) -> Iterator[ContactNote]:
    safe = facts.safe_contact or SafeContactIn()
    if not safe.model_fields_set and not ways_differ:
        yield ContactNote(NoteKind.SAFE_CONTACT, "Nobody has recorded how to reach the victim safely: ask the referrer")
        return
    says = "; ".join(_ways(safe, differ=ways_differ)) or "How to reach the victim safely is recorded in part"
    yield ContactNote(NoteKind.SAFE_CONTACT, says, (HOURS,))


def _ways(safe: SafeContactIn, *, differ: bool) -> Iterator[str]:
    if differ:
        yield _DIFFER
    if safe.channels:
        yield f"Safe: {_words(safe.channels)}"
    if safe.message_safe is not None:
        yield "a message may be left" if safe.message_safe else "leave no message"
    elif safe.channels or differ:
        yield "whether a message may be left is not known: leave none"
    if safe.withheld_number is not None:
        yield "call from a withheld number only" if safe.withheld_number else "the number need not be withheld"
    if safe.ask_agency is not None:
        yield f"ask {safe.ask_agency} for the number"


def _banned_listeners(facts: ReferralRequest, _: Nation) -> Iterator[ContactNote]:
    listeners = dict.fromkeys(_BANNED[one.who] for one in facts.must_not_be_told or ())
    banned = "".join(f", nor {who}" for who in listeners)
    says = f"Tell neither the perpetrator{banned}" if listeners else "Do not tell the perpetrator"
    yield ContactNote(NoteKind.MUST_NOT_BE_TOLD, says, (REASONS,))
    others = [ref for ref in facts.also_feared or () if ref not in {facts.victim.ref, facts.perpetrator.ref}]
    if others:
        feared = f"The victim fears others too; do not speak to them: {', '.join(others)}"
        yield ContactNote(NoteKind.MUST_NOT_BE_TOLD, feared)


def _language(facts: ReferralRequest, nation: Nation) -> Iterator[ContactNote]:
    victim = facts.victim
    known = f"The victim's language is {_language_name(victim.language)}" if victim.language else ""
    if victim.interpreter_needed:
        whom = "an interpreter of a service, never family, a friend or a child"
        yield ContactNote(NoteKind.LANGUAGE, f"{known + '; bring' if known else 'Bring'} {whom}")
    elif victim.interpreter_needed is None:
        ask = "whether an interpreter is needed is not known: ask before the visit"
        yield ContactNote(NoteKind.LANGUAGE, f"{known}; {ask}" if known else ask.capitalize())
    elif known:
        yield ContactNote(NoteKind.LANGUAGE, f"{known}; no interpreter is needed")
    welsh = _primary(victim.language) == "cy"
    if nation is Nation.WALES and (welsh or victim.language is None):
        yield ContactNote(NoteKind.LANGUAGE, "Offer Welsh before the victim has to ask (active offer)")


def _language_name(tag: str) -> str:
    name = LANGUAGES.get(_primary(tag) or "")
    return f"{name} ({tag})" if name else tag


def _primary(tag: str | None) -> str | None:
    return tag.partition("-")[0] if tag else None


def _access(facts: ReferralRequest, _: Nation) -> Iterator[ContactNote]:
    victim = facts.victim
    if victim.access_needs:
        yield ContactNote(NoteKind.ACCESS, f"Access needs: {_words(victim.access_needs)}")
    if victim.capacity_doubted:
        yield ContactNote(
            NoteKind.CAPACITY, "The victim's capacity is doubted: presume it, and say why where you do not"
        )
    if victim.advocate_needed:
        yield ContactNote(NoteKind.CAPACITY, "The victim needs an advocate: meet with the advocate present")


def _consent(facts: ReferralRequest, _: Nation) -> Iterator[ContactNote]:
    if facts.consent_limits is not None:
        yield ContactNote(NoteKind.CONSENT, "The victim set limits to what is shared or done: keep to them", (LIMITS,))
    if facts.police_contact_wanted is not None:
        yield ContactNote(NoteKind.POLICE, _POLICE[facts.police_contact_wanted])


def _visit(facts: ReferralRequest, _: Nation) -> Iterator[ContactNote]:
    if facts.visit_risks:
        yield ContactNote(NoteKind.VISIT, f"Visit in pairs: {_words(facts.visit_risks)}")
    known = facts.victim.address_known_to_perpetrator
    if known is not None:
        knows = "knows" if known else "does not know"
        yield ContactNote(NoteKind.VISIT, f"The perpetrator {knows} where the victim lives")


def _home(facts: ReferralRequest, _: Nation) -> Iterator[ContactNote]:
    says = "; ".join(_home_words(facts.victim))
    if says:
        yield ContactNote(NoteKind.HOME, f"Home: {says}")


def _home_words(victim: VictimIn) -> Iterator[str]:
    if victim.tenure is not None:
        yield _words([victim.tenure])
    if victim.tenancy_holder is not None:
        yield _HELD_BY[victim.tenancy_holder]
    if victim.recourse_to_public_funds is not None:
        yield "recourse to public funds" if victim.recourse_to_public_funds else "no recourse to public funds"


def _afterwards(facts: ReferralRequest, _: Nation) -> Iterator[ContactNote]:
    choice = facts.victim.on_lost_contact or LostContactChoice.ASK_FIRST
    yield ContactNote(NoteKind.LOST_CONTACT, _LOST_CONTACT[choice])
    for person, needs in {"victim": facts.victim.support_needs, "perpetrator": facts.perpetrator.support_needs}.items():
        if needs:
            says = f"Support needs of the {person}, so invite who helps with them: {_words(needs)}"
            yield ContactNote(NoteKind.SUPPORT, says)
    if facts.victim_wishes is not None:
        yield ContactNote(NoteKind.WISHES, "The victim has said what would make them safer", (WISHES,))


def _words(codes: object) -> str:
    assert isinstance(codes, list)  # noqa: S101 - each is a list of closed words
    return ", ".join(str(code).replace("_", " ").lower() for code in codes)
