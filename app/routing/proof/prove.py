"""Whether a policy holds in every situation there is, before it may decide any.

What is proved: each question has one answer; no rule is dead or idle; more risk never lowers an
answer; open questions are read safely; each lead table has one and only one row for every
combination of its columns, refusals included; nobody who may have declined leads, holds or
supports; level 2 and 3 are led by MAPPA; MARAC never has the perpetrator. Settings take every
value a board may give them, so a proof holds for all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.routing.policy.faults import PolicyFault
from app.routing.policy.types import Policy
from app.routing.proof.lead_table_proof import prove_tables
from app.routing.proof.outcome_proof import prove_answers


@dataclass(frozen=True, slots=True)
class Proved:
    """One thing that was proved, or refuted, over so many situations."""

    what: str
    situations: int


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What was examined and every fault found. A policy with a fault is refused."""

    policy_id: str
    version: str
    sha256: str
    proved: tuple[Proved, ...]
    faults: tuple[PolicyFault, ...]


def prove(policy: Policy) -> ProofReport:
    """Every claim above, checked over the whole space; faults name the rule and the situation."""
    answers = list(prove_answers(policy))
    tables = list(prove_tables(policy))
    examined = answers + tables
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
