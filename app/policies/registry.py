"""Lists every policy in service: those that ship with the product, and those that two people put in force."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from app.access.directory import area_of
from app.foundation.errors import Conflict
from app.policies import repository
from app.policies.models import PolicyDraft
from app.routing.engine.replay import UnknownPolicyError
from app.routing.loading.catalogue import BASELINE, SHIPPED, NoPolicyError, policy_at, policy_file
from app.routing.loading.drafts import load_draft, named_base
from app.routing.loading.loader import PolicyFile, load_policy
from app.routing.policy.types import Policy


@dataclass(frozen=True, slots=True)
class RegisteredPolicy:
    """A proved policy with its text and the text it extends. `standing`: shipped, activated or draft."""

    policy: Policy
    file: PolicyFile
    base: PolicyFile | None
    standing: str

    @property
    def id_and_version(self) -> str:
        """`id version`, as `extends` of another policy names it."""
        return f"{self.policy.id} {self.policy.version}"


@lru_cache(maxsize=1)
def load_shipped_policies() -> tuple[RegisteredPolicy, ...]:
    """Returns every shipped policy, proved once for each process. Raises PolicyErrors when one cannot be proved."""
    base = policy_file(BASELINE)
    files = ((policy_file(name), None if name == BASELINE else base) for name in SHIPPED)
    return tuple(RegisteredPolicy(load_policy(file, under), file, under, "shipped") for file, under in files)


@lru_cache(maxsize=128)
def proved_policy(name: str, text: str, base_text: str | None) -> Policy:
    """Returns the policy of a text from outside, or PolicyErrors.

    Proved once for each process: a proof takes seconds, and the same text always gives the same policy.
    """
    base = None if base_text is None else PolicyFile("base.toml", base_text)
    return load_draft(PolicyFile(name, text), base)


def policy_of_draft(draft: PolicyDraft, standing: str) -> RegisteredPolicy:
    """Returns the proved policy of a stored draft."""
    name = f"{draft.policy_id}.toml"
    base = None if draft.base_text is None else PolicyFile("base.toml", draft.base_text)
    return RegisteredPolicy(
        proved_policy(name, draft.text, draft.base_text), PolicyFile(name, draft.text), base, standing
    )


def registered_policies(session: Session, policy_id: str | None = None) -> tuple[RegisteredPolicy, ...]:
    """Returns every policy in service, or every version of one: first the shipped, then the activated by `in_force`."""
    # Read at every call, because another process may have put one in force; only its proof is kept.
    activated = (policy_of_draft(draft, "activated") for draft in repository.activated_drafts(session, policy_id))
    own = (each for each in load_shipped_policies() if policy_id in {None, each.policy.id})
    return (*own, *activated)


def policies_in_service(session: Session) -> tuple[Policy, ...]:
    """Returns every policy in service, without its text."""
    return tuple(each.policy for each in registered_policies(session))


def policy_by_sha256(session: Session, sha256: str) -> Policy:
    """Returns the policy of that fingerprint, of any version, in service or not any more.

    A stored decision names it so.

    Raises UnknownPolicyError when no text of it was kept.
    """
    shipped = next((each.policy for each in load_shipped_policies() if each.policy.sha256 == sha256), None)
    if shipped is not None:
        return shipped
    kept = repository.draft_by_sha256(session, sha256) or repository.kept_text(session, sha256)
    if kept is None:
        raise UnknownPolicyError(f"no policy has the fingerprint {sha256}")
    return proved_policy(f"{kept.policy_id}.toml", kept.text, kept.base_text)


def keep_shipped_texts(session: Session, now: datetime) -> None:
    """Stores the text of every shipped policy that is not stored yet.

    A later release ships other versions; the decisions made under these are printed from here.
    """
    for each in load_shipped_policies():
        repository.keep_text(
            session,
            {
                "sha256": each.policy.sha256,
                "policy_id": each.policy.id,
                "version": each.policy.version,
                "text": each.file.text,
                "base_text": each.base.text if each.base else None,
                "kept_at": now,
            },
        )


def policy_in_force(session: Session, profile: str, now: datetime) -> Policy:
    """Returns the one version of that policy id that decides at this instant, or `Conflict` (no-policy-in-force)."""
    try:
        return policy_at((each.policy for each in registered_policies(session, profile)), profile, now)
    except NoPolicyError as none:
        raise Conflict(str(none), code="no-policy-in-force") from none


def policy_of_area(session: Session, area: str, now: datetime) -> Policy:
    """Returns the policy version that decides in the area at this instant, or `Conflict` (no-policy-in-force).

    It is asked for at each instant and not kept: what people put in force counts from its `in_force` on.
    """
    followed = repository.policy_id_of_area(session, area, now) or area_of(session, area).policy_profile
    return policy_in_force(session, followed, now)


def base_of_text(text: str) -> PolicyFile | None:
    """Returns the text that a draft extends; None when it names no shipped policy, or one that extends another."""
    wanted = named_base(text)
    found = (each for each in load_shipped_policies() if each.id_and_version == wanted and each.base is None)
    return next((each.file for each in found), None)
