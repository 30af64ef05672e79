"""Puts a draft in force in its areas: one person proposes it, a second person activates it.

The difference from the policy that it follows becomes its entry in the changelog.
"""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.foundation.caller import is_second_person
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.policies import repository
from app.policies.authority import ruling_person
from app.policies.models import AreaPolicy, PolicyActivation, PolicyDraft, PolicyProposal
from app.policies.registry import RegisteredPolicy, policy_of_draft, registered_policies
from app.routing.comparison.compare import compare
from app.routing.comparison.difference_wording import condition_labels, difference_lines
from app.routing.policy.types import Departure, Policy


def propose_activation(tx: Transaction, draft: PolicyDraft, reason: str) -> PolicyProposal:
    """Records who proposes that the draft be put in force, and why. A draft is proposed once."""
    person = ruling_person(tx, draft)
    repository.take_activation_turn(tx.session)
    if repository.proposal_of(tx.session, draft.id) is not None:
        raise Conflict("this draft has been proposed already; a second person may activate it")
    proposal = PolicyProposal(
        id=new_id("ppr"),
        draft_id=draft.id,
        areas=draft.areas,
        reason=reason,
        proposed_by=person,
        proposed_at=tx.now,
    )
    tx.session.add(proposal)
    tx.session.flush()
    return proposal


def activate_draft(tx: Transaction, draft: PolicyDraft, approved_where: str) -> PolicyActivation:
    """Records that a second person puts the draft in force: from its `in_force` on its areas follow it.

    No open case is routed by it. `trials` lists those that would come out differently.
    """
    # The turn comes before every check: two activations at once could both pass the check of `in_force`.
    repository.take_activation_turn(tx.session)
    proposal = repository.proposal_of(tx.session, draft.id)
    if proposal is None:
        raise Conflict("this draft has not been proposed; post a proposal with its reason first")
    policy = policy_of_draft(draft, "draft").policy
    person = _second_person(tx, draft, proposal)
    _refuse_unfit_start(tx, draft, policy)
    follows = predecessor(tx.session, policy)
    activation = PolicyActivation(
        id=new_id("pac"),
        draft_id=draft.id,
        areas=draft.areas,
        drafted_by=draft.drafted_by,
        proposal_id=proposal.id,
        proposed_by=proposal.proposed_by,
        activated_by=person,
        activated_at=tx.now,
        policy_id=policy.id,
        version=policy.version,
        in_force=policy.in_force,
        approved_where=approved_where,
        follows=follows.id_and_version,
        changelog=list(changelog(follows.policy, policy)),
    )
    tx.session.add(activation)
    tx.session.flush()
    _lead_areas_on(tx, activation)
    return activation


def _lead_areas_on(tx: Transaction, activation: PolicyActivation) -> None:
    """Lets each of the areas follow the policy from its `in_force` on."""
    tx.session.add_all(
        AreaPolicy(
            area=area,
            in_force=activation.in_force,
            policy_id=activation.policy_id,
            activation_id=activation.id,
        )
        for area in activation.areas
    )
    tx.session.flush()


def _second_person(tx: Transaction, draft: PolicyDraft, proposal: PolicyProposal) -> str:
    person = ruling_person(tx, draft)
    if not all(is_second_person(person, before) for before in (proposal.proposed_by, draft.drafted_by)):
        raise Conflict(
            "a second person activates a policy: not who wrote it and not who proposed it", code="same-person"
        )
    return person


def _refuse_unfit_start(tx: Transaction, draft: PolicyDraft, policy: Policy) -> None:
    """Refuses a start before the activation, and an instant or a version that another policy has."""
    # Stored decisions name the policy that decided; one that began in the past would belie them.
    if policy.in_force <= tx.now:
        raise Conflict("`in_force` has passed: a policy never changes what was decided; draft it with a later one")
    versions = [each.policy for each in registered_policies(tx.session, policy.id)]
    if any(policy.version == each.version for each in versions):
        raise Conflict(f"{policy.id} {policy.version} is in service already; give the draft a new version")
    if any(policy.in_force == each.in_force for each in versions):
        raise Conflict(f"another version of {policy.id} begins at the very same instant")
    if repository.areas_changing_at(tx.session, draft.areas, policy.in_force):
        raise Conflict("one of the areas begins to follow another policy at the very same instant")


def predecessor(session: Session, policy: Policy) -> RegisteredPolicy:
    """Returns what the policy follows: the newest earlier version of its own id, else the policy that it extends."""
    before = [
        each for each in registered_policies(session, policy.id)
        if each.policy.in_force < policy.in_force and each.policy.sha256 != policy.sha256
    ]  # fmt: skip
    if before:
        return max(before, key=lambda each: each.policy.in_force)
    extended = (each for each in registered_policies(session) if each.id_and_version == policy.extends)
    found = next(extended, None)
    if found is None:
        raise Conflict("a policy that follows none and extends none has nothing to be compared with")
    return found


def changelog(was: Policy, now: Policy) -> Iterator[str]:
    """Yields the exact difference in words, and the reason of each departure that is new."""
    yield from difference_lines(compare(was, now), condition_labels(was, now))
    known = set(was.departures)
    yield from (_reason(departure) for departure in now.departures if departure not in known)


def _reason(departure: Departure) -> str:
    return f"Reason for {departure.kind} {departure.id}: {departure.reason} ({departure.source})."
