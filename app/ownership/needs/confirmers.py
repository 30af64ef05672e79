"""Who confirms that a need ends: a second named person, of another agency where a victim's safety ends with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.foundation.caller import is_second_person
from app.foundation.errors import Conflict, Forbidden
from app.foundation.storage.transaction import Transaction
from app.ownership.models import AskedEnding, Need
from app.routing.policy.labels import role_name
from app.vocabulary import NeedKind, Role

# The first that another agency fills is asked: for a victim whoever speaks for them, before any forum.
CONFIRMING_POSTS: Mapping[NeedKind, tuple[Role, ...]] = {
    NeedKind.VICTIM_SAFETY: (Role.IDVA, Role.MARAC_COORDINATOR, Role.MARAC_CHAIR, Role.PVP_HUB),
    NeedKind.PERPETRATOR: (Role.MARAC_COORDINATOR, Role.MARAC_CHAIR, Role.PVP_HUB),
}


@dataclass(frozen=True, slots=True)
class Confirmer:
    """A post whose people may confirm, and the agency that fills it."""

    role: Role
    agency: str


def confirmers(session: Session, need: Need, asking: Confirmer) -> list[Confirmer]:
    """Returns who may confirm what this one says, the one to ask first. Raises `Conflict` when nobody may."""
    kind = NeedKind(need.kind)
    filled = [(role, agency_in_post(session, need.area, role)) for role in CONFIRMING_POSTS[kind]]
    found = [Confirmer(role, agency) for role, agency in filled if agency not in {None, asking.agency} and agency]
    if kind is NeedKind.PERPETRATOR:
        found.append(asking)  # a colleague of who asks
    if not found:
        posts = ", ".join(role_name(role) for role in CONFIRMING_POSTS[kind])
        raise Conflict(
            "a victim's safety ends when a person of another agency confirms it, and no other agency fills one of "
            f"these posts here: {posts}",
            code="nobody-to-confirm",
        )
    return found


def confirming_person(tx: Transaction, asked: AskedEnding, need: Need) -> str:
    """Returns the named person who may confirm what was asked, as `AGENCY/name`.

    Raises `Invalid` (no-person) for a system that names nobody, and `Forbidden` for whoever may not confirm this.
    """
    person = tx.caller.named_person("a need ends when a second named person confirms it")
    asking = Confirmer(asked.as_role, asked.asked_by.partition("/")[0])
    may_confirm = confirmers(tx.session, need, asking)
    if tx.caller.agency not in {one.agency for one in may_confirm} or not is_second_person(person, asked.asked_by):
        posts = ", ".join(dict.fromkeys(role_name(one.role) for one in may_confirm))
        raise Forbidden(f"a second person confirms that this need ends, not who said so; it may be one of: {posts}")
    return person
