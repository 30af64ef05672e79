"""Proves a policy in every situation before it decides any.

What is proved: each question has one answer; every rule can hold and decides something; more risk never lowers
an answer; a question that is met stays met whatever the facts that are not known turn out to be, so that nobody is
asked on silence (L3); every question that may be open has somebody who is asked, a clock and an end (L1, at load), and
MARAC is asked when its clock ends (L2); each lead table has one and only one row for every combination of its
columns, refusals and open answers included; no forum that may have declined leads, holds or supports; MAPPA leads on
levels 2 and 3; MARAC never leads or holds the perpetrator, and leads on the victim wherever its criteria are met; an
answer that states a fact is given only where it is so; a child is led by children's social care; a local policy takes
away nothing that protects, reaches no victim whom contact could harm, and lets no request to lead wait long. Switches
and choices take every value that a board may give them, so the proof holds for all of these.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.routing.policy.faults import PolicyFault
from app.routing.policy.types import Policy
from app.routing.proof.contact_proof import prove_contact
from app.routing.proof.lead_table_proof import prove_tables
from app.routing.proof.lead_time_proof import prove_lead_times
from app.routing.proof.outcome_proof import prove_answers
from app.routing.proof.protection_proof import prove_protections
from app.routing.proof.review_proof import prove_reviews


@dataclass(frozen=True, slots=True)
class Proved:
    """One question or table, and how many situations of it were examined."""

    what: str
    situations: int


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What was examined, and every fault. A policy with a fault is refused."""

    policy_id: str
    version: str
    sha256: str
    proved: tuple[Proved, ...]
    faults: tuple[PolicyFault, ...]


def prove(policy: Policy, base: Policy | None = None) -> ProofReport:
    """Examines every situation; each fault names the rule and the situation. `base` is what the policy extends."""
    examined = [*prove_answers(policy), prove_reviews(policy), *prove_tables(policy)]
    if base is not None:
        examined += [prove_protections(policy, base), prove_contact(policy, base), prove_lead_times(policy, base)]
    faults = [fault for _, _, found in examined for fault in found]
    return ProofReport(
        policy.id,
        policy.version,
        policy.sha256,
        tuple(Proved(what, situations) for what, situations, _ in examined),
        tuple(_once(faults)),
    )


def _once(faults: Iterable[PolicyFault]) -> Iterable[PolicyFault]:
    return dict.fromkeys(faults)
