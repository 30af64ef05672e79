"""Puts a draft in force: one person proposes it, a second person activates it.

The difference from the policy that it follows becomes its entry in the changelog.
"""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.foundation.caller import is_second_person
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.policies import repository
from app.policies.authority import deciding_person, refuse_areas_of_others
from app.policies.models import PolicyActivation, PolicyDraft, PolicyProposal
from app.policies.registry import RegisteredPolicy, policy_of_draft, registered_policies
from app.routing.comparison.compare import compare
from app.routing.comparison.difference_wording import condition_labels, difference_lines
from app.routing.policy.types import Departure, Policy


def propose_activation(tx: Transaction, draft: PolicyDraft, reason: str) -> PolicyProposal:
    """Records who proposes that the draft be put in force, and why. A draft is proposed once."""
    refuse_areas_of_others(tx.session, tx.caller, policy_of_draft(draft, "draft").policy)
    repository.take_activation_turn(tx.session)
    if repository.proposal_of(tx.session, draft.id) is not None:
        raise Conflict("this draft has been proposed already; a second person may activate it")
    proposal = PolicyProposal(
        id=new_id("ppr"),
        draft_id=draft.id,
        reason=reason,
        proposed_by=deciding_person(tx.caller),
        proposed_at=tx.now,
    )
    tx.session.add(proposal)
    tx.session.flush()
    return proposal


def activate_draft(tx: Transaction, draft: PolicyDraft, approved_where: str) -> PolicyActivation:
    """Records that a second person puts the draft in force: it decides new referrals from its `in_force` on.

    No open case is routed by it. `trials` lists those that would come out differently.
    """
    # The turn comes before every check: two activations at once could both pass the check of `in_force`.
    repository.take_activation_turn(tx.session)
    proposal = repository.proposal_of(tx.session, draft.id)
    if proposal is None:
        raise Conflict("this draft has not been proposed; post a proposal with its reason first")
    policy = policy_of_draft(draft, "draft").policy
    refuse_areas_of_others(tx.session, tx.caller, policy)
    _refuse_unfit_start(tx, policy)
    person = _second_person(tx, draft, proposal)
    follows = predecessor(tx.session, policy)
    activation = PolicyActivation(
        id=new_id("pac"),
        draft_id=draft.id,
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
    return activation


def _second_person(tx: Transaction, draft: PolicyDraft, proposal: PolicyProposal) -> str:
    person = deciding_person(tx.caller)
    if not all(is_second_person(person, before) for before in (proposal.proposed_by, draft.drafted_by)):
        raise Conflict(
            "a second person activates a policy: not who wrote it and not who proposed it", code="same-person"
        )
    return person


def _refuse_unfit_start(tx: Transaction, policy: Policy) -> None:
    """Refuses a start before the activation, and an instant or a version that another policy has."""
    # Stored decisions name the policy that decided; one that began in the past would belie them.
    if policy.in_force <= tx.now:
        raise Conflict("`in_force` has passed: a policy never changes what was decided; draft it with a later one")
    versions = [each.policy for each in registered_policies(tx.session, policy.id)]
    if any(policy.version == each.version for each in versions):
        raise Conflict(f"{policy.id} {policy.version} is in service already; give the draft a new version")
    if any(policy.in_force == each.in_force for each in versions):
        raise Conflict(f"another version of {policy.id} begins at the very same instant")


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
