"""Finds the policy, draft or activation that a request names; raises `NotFound` when there is none."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import areas_of_person
from app.foundation.caller import Caller
from app.foundation.errors import Invalid, NotFound
from app.foundation.storage.transaction import Transaction
from app.policies import repository
from app.policies.models import PolicyActivation, PolicyDraft
from app.policies.registry import RegisteredPolicy, policy_of_draft, registered_policies
from app.routing.loading.catalogue import SHIPPED, NoPolicyError, policy_at


def find_draft(tx: Transaction, draft_id: str) -> PolicyDraft:
    """Returns the draft, if a named person reads it who works in all the areas that it is to rule.

    Raises the same `NotFound` for everybody else as for a draft that is not there.
    """
    draft = repository.draft_for_areas(tx.session, draft_id, _areas_of_reader(tx))
    if draft is None:
        raise NotFound("there is no such draft, or you do not work, as a named person, in every area that it is for")
    return draft


def find_drafts(tx: Transaction) -> Sequence[PolicyDraft]:
    """Returns every draft that the caller may read, the newest first."""
    return repository.drafts_for_areas(tx.session, _areas_of_reader(tx))


def _areas_of_reader(tx: Transaction) -> frozenset[str]:
    """Returns the areas in which both the named person and their client work; none where nobody is named."""
    return tx.caller.areas & areas_of_person(tx.session, tx.caller)


def find_activation(session: Session, caller: Caller, activation_id: str) -> PolicyActivation:
    """Returns the activation, if an area of the caller follows the policy by it."""
    activation = repository.activation_for_areas(session, activation_id, caller.areas)
    if activation is None:
        raise NotFound("there is no such activation, or it is not for an area of yours")
    return activation


def find_policy(session: Session, policy_id: str, version: str | None, now: datetime) -> RegisteredPolicy:
    """Finds that version; without one, the version that decides now, or the earliest when none decides yet."""
    versions = registered_policies(session, policy_id)
    if version is not None:
        return _first(each for each in versions if each.policy.version == version)
    try:
        deciding = policy_at((each.policy for each in versions), policy_id, now)
    except NoPolicyError:
        return _first(versions)
    return next(each for each in versions if each.policy is deciding)


def find_policy_or_draft(tx: Transaction, name: str) -> RegisteredPolicy:
    """Returns the policy of a name: `id`, `id@version`, or the id of a draft that the caller may read."""
    if name.startswith("pdr_"):
        return policy_of_draft(find_draft(tx, name), "draft")
    policy_id, _, version = name.partition("@")
    return find_policy(tx.session, policy_id, version or None, tx.now)


def refuse_unknown_policy(session: Session, policy_id: str) -> None:
    """Raises `Invalid` unless a policy of this id ships with the product or was put in force."""
    if policy_id not in SHIPPED and not repository.activations_of_policy(session, policy_id):
        raise Invalid(f"there is no such policy; {', '.join(SHIPPED)} ship with the product")


def _first(found: Iterable[RegisteredPolicy]) -> RegisteredPolicy:
    policy = next(iter(found), None)
    if policy is None:
        raise NotFound("there is no such policy or version; GET /v1/policies lists them")
    return policy
