"""Finds the policy, draft or activation that a request names; raises `NotFound` when there is none."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.policies import repository
from app.policies.models import PolicyActivation, PolicyDraft
from app.policies.registry import RegisteredPolicy, policy_of_draft, registered_policies
from app.routing.loading.catalogue import NoPolicyError, policy_at


def find_draft(session: Session, draft_id: str) -> PolicyDraft:
    """Returns the draft."""
    draft = repository.draft_by_id(session, draft_id)
    if draft is None:
        raise NotFound("there is no such draft")
    return draft


def find_activation(session: Session, activation_id: str) -> PolicyActivation:
    """Returns the activation."""
    activation = repository.activation_by_id(session, activation_id)
    if activation is None:
        raise NotFound("there is no such activation")
    return activation


def find_policy(session: Session, policy_id: str, version: str | None, now: datetime) -> RegisteredPolicy:
    """Finds that version; without one, the version that decides now, or the earliest when none decides yet."""
    versions = registered_policies(session, policy_id)
    if version is not None:
        return _first((each for each in versions if each.policy.version == version), policy_id)
    try:
        deciding = policy_at((each.policy for each in versions), policy_id, now)
    except NoPolicyError:
        return _first(versions, policy_id)
    return next(each for each in versions if each.policy is deciding)


def find_policy_or_draft(session: Session, name: str, now: datetime) -> RegisteredPolicy:
    """Returns the policy of a name: `id`, `id@version`, or a draft's id."""
    if name.startswith("pdr_"):
        return policy_of_draft(find_draft(session, name), "draft")
    policy_id, _, version = name.partition("@")
    return find_policy(session, policy_id, version or None, now)


def _first(found: Iterable[RegisteredPolicy], policy_id: str) -> RegisteredPolicy:
    policy = next(iter(found), None)
    if policy is None:
        raise NotFound(f"there is no such policy or version of {policy_id[:64]}; GET /v1/policies lists them")
    return policy
