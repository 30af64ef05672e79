"""Who confirms that a need ends: a second named person, of another agency where a victim's safety ends with it.

What counts is the post that the person holds in the need's area, not the agency alone: an agency on the perpetrator's
side may fill a post of the area too.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.directory import account_who_acts
from app.access.repository import agency_in_post
from app.access.vocabulary import CallerRole, role_of_post
from app.foundation.caller import Caller, is_second_person
from app.foundation.errors import Conflict, Forbidden
from app.foundation.storage.transaction import Transaction
from app.ownership.models import AskedEnding
from app.ownership.vocabulary import CONFIRMING_POSTS
from app.routing.policy.labels import role_name
from app.vocabulary import EndReason, NeedKind, Role


@dataclass(frozen=True, slots=True)
class Confirmer:
    """A post whose people may confirm, and the agency that fills it."""

    role: Role
    agency: str


def confirmers(session: Session, kind: NeedKind, area: str, asking: Confirmer, reason: EndReason) -> list[Confirmer]:
    """Returns who may confirm what this one says, the one to ask first. Raises `Conflict` when nobody may."""
    found = _may_confirm(session, kind, area, asking, reason)
    if not found:
        posts = ", ".join(role_name(role) for role in CONFIRMING_POSTS[kind])
        command = f"app.cli directory fill-post {area} {CONFIRMING_POSTS[kind][0]} AGENCY"
        raise Conflict(
            "a victim's safety ends, and a need ends by a death, when a person of another agency confirms it, and no "
            "other agency fills one of "
            f"these posts here: {posts}",
            code="nobody-to-confirm",
            next_moves=[f"ask whoever runs the service to let another agency fill a post: {command}"],
        )
    return found


def confirmer_now(session: Session, asked: AskedEnding) -> Confirmer | None:
    """Returns who is to be asked now: whoever fills the post that was asked, else the first who may confirm."""
    found = _may_confirm(session, asked.kind, asked.area, _who_asked(asked), asked.reason)
    return next((one for one in found if one.role == asked.role), found[0] if found else None)


def confirming_person(tx: Transaction, asked: AskedEnding) -> str:
    """Returns the named person who may confirm what was asked, as `AGENCY/name`.

    Raises `Invalid` (no-person) for a system that names nobody, and `Forbidden` for whoever may not confirm this.
    """
    person = tx.caller.named_person("a need ends when a second named person confirms it")
    may_confirm = confirmers(tx.session, asked.kind, asked.area, _who_asked(asked), asked.reason)
    if not is_second_person(person, asked.asked_by) or not any(_holds(tx, one, asked.area) for one in may_confirm):
        posts = ", ".join(dict.fromkeys(role_name(one.role) for one in may_confirm))
        raise Forbidden(
            "a second person confirms that this need ends, not who said so; whoever confirms works in the need's area, "
            f"in one of these posts: {posts}"
        )
    return person


def person_who_takes_back(tx: Transaction, asked: AskedEnding) -> str:
    """Returns the named person who may take back what was said, as `AGENCY/name`: who said it, or one of their post.

    Raises `Invalid` (no-person) for a system that names nobody, and `Forbidden` for anybody else.
    """
    person = tx.caller.named_person("a person said that the need ends")
    if person != asked.asked_by and not _holds(tx, _who_asked(asked), asked.area):
        post = role_name(asked.as_role)
        raise Forbidden(f"whoever said that the need ends takes it back, or a person who works in its area as {post}")
    return person


def may_read(tx: Transaction, asked: AskedEnding, *, sees_need: bool) -> bool:
    """Returns whether the caller reads why the need is to end: who sees the need does, and who may confirm it.

    Nobody does about a victim's safety with a key of the perpetrator's side.
    """
    if is_kept_from(tx.caller, asked.kind):
        return False
    asking = _who_asked(asked)
    posts = [asking, *_may_confirm(tx.session, asked.kind, asked.area, asking, asked.reason)]
    return sees_need or any(_acts_for(tx, one, asked.area) for one in posts)


def is_kept_from(caller: Caller, kind: NeedKind) -> bool:
    """Returns whether this key has no part in the end of such a need."""
    return kind == NeedKind.VICTIM_SAFETY and caller.role == CallerRole.PERPETRATOR_SIDE


def _may_confirm(session: Session, kind: NeedKind, area: str, asking: Confirmer, reason: EndReason) -> list[Confirmer]:
    filled = [(role, agency_in_post(session, area, role)) for role in CONFIRMING_POSTS[kind]]
    found = [Confirmer(role, agency) for role, agency in filled if agency not in {None, asking.agency} and agency]
    # A colleague of who asks may confirm that a perpetrator's need ends, but for a death: nothing is watched after it.
    return [*found, asking] if kind == NeedKind.PERPETRATOR and reason != EndReason.DECEASED else found


def _who_asked(asked: AskedEnding) -> Confirmer:
    return Confirmer(asked.as_role, asked.asked_by.partition("/")[0])


def _acts_for(tx: Transaction, post: Confirmer, area: str) -> bool:
    """Returns whether the caller is of this post: its holder where a person is named, or a system of its agency."""
    if tx.caller.on_behalf_of is not None:
        return _holds(tx, post, area)
    return tx.caller.agency == post.agency and _works_there(tx.caller, post.role, area)


def _holds(tx: Transaction, post: Confirmer, area: str) -> bool:
    """Returns whether the named person holds this post in the area."""
    account = account_who_acts(tx.session, tx.caller)
    if account is None or (account.agency, account.post) != (post.agency, post.role):
        return False
    return area in account.areas and _works_there(tx.caller, post.role, area)


def _works_there(caller: Caller, post: Role, area: str) -> bool:
    # The client of a service for many areas has none of its own, and the role of its post.
    return area in caller.areas or caller.role == role_of_post(post)
