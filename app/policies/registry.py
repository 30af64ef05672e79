"""Every policy there is: those that ship with the product, and those that two people put in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from app.foundation.errors import Conflict, NotFound
from app.policies import repository
from app.policies.models import PolicyDraft
from app.routing.loading.catalogue import BASELINE, SHIPPED, NoPolicyError, policy_at, policy_file
from app.routing.loading.drafts import base_named, load_draft
from app.routing.loading.loader import PolicyFile, load_policy
from app.routing.policy.types import Policy


@dataclass(frozen=True, slots=True)
class Shelved:
    """A proved policy with its text and the text it extends. `standing`: shipped, activated or draft."""

    policy: Policy
    file: PolicyFile
    base: PolicyFile | None
    standing: str

    @property
    def named(self) -> str:
        """The `id version` by which another policy extends it."""
        return f"{self.policy.id} {self.policy.version}"


@lru_cache(maxsize=1)
def shipped() -> tuple[Shelved, ...]:
    """Every shipped policy, proved once for each process. One that cannot be proved stops the process here."""
    base = policy_file(BASELINE)
    files = ((policy_file(name), None if name == BASELINE else base) for name in SHIPPED)
    return tuple(Shelved(load_policy(file, under), file, under, "shipped") for file, under in files)


@lru_cache(maxsize=128)
def proved(name: str, text: str, base_text: str | None) -> Policy:
    """The policy of a text from outside: proved once for each process, and the same for ever."""
    base = None if base_text is None else PolicyFile("base.toml", base_text)
    return load_draft(PolicyFile(name, text), base)


def taken_down(draft: PolicyDraft, standing: str) -> Shelved:
    """A stored draft as a proved policy."""
    name = f"{draft.policy_id}.toml"
    base = None if draft.base_text is None else PolicyFile("base.toml", draft.base_text)
    return Shelved(proved(name, draft.text, draft.base_text), PolicyFile(name, draft.text), base, standing)


def shelf(session: Session, policy_id: str | None = None) -> tuple[Shelved, ...]:
    """Every policy in service, or every version of one: shipped first, then activated, the earliest first."""
    activated = (taken_down(draft, "activated") for draft in repository.activated_drafts(session, policy_id))
    own = (each for each in shipped() if policy_id in {None, each.policy.id})
    return (*own, *activated)


def policies_in_service(session: Session) -> tuple[Policy, ...]:
    """Every policy that may decide at some instant: shipped, or put in force by two people."""
    return tuple(each.policy for each in shelf(session))


def policy_in_force(session: Session, profile: str, now: datetime) -> Policy:
    """The one version of that profile that decides at this instant, or `Conflict` where none is in force."""
    try:
        return policy_at((each.policy for each in shelf(session, profile)), profile, now)
    except NoPolicyError as none:
        raise Conflict(str(none), code="no-policy-in-force") from none


def base_for(session: Session, text: str) -> PolicyFile | None:
    """The text that a draft extends, when it names one that is in service and stands on its own."""
    wanted = base_named(text)
    found = (each for each in shelf(session) if each.named == wanted and each.base is None)
    return next((each.file for each in found), None)


def find(session: Session, policy_id: str, version: str | None, now: datetime) -> Shelved:
    """That version, or else the one that decides now. `NotFound` when there is none."""
    versions = shelf(session, policy_id)
    if version is not None:
        return _only((each for each in versions if each.policy.version == version), policy_id)
    try:
        deciding = policy_at((each.policy for each in versions), policy_id, now)
    except NoPolicyError:
        return _only(iter(versions), policy_id)
    return next(each for each in versions if each.policy is deciding)


def _only(found: Iterable[Shelved], policy_id: str) -> Shelved:
    policy = next(iter(found), None)
    if policy is None:
        raise NotFound(f"there is no such policy or version of {policy_id[:64]}; GET /v1/policies lists them")
    return policy
