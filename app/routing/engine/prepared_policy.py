"""Prepares a policy: works out once everything that does not depend on a case.

It keeps nothing of a case, so preparing again gives the same, whatever was decided in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.routing.engine.duties import Duties
from app.routing.engine.fact_reading import FactSheet
from app.routing.engine.findings import ReadyFinding
from app.routing.engine.known_facts import ConditionTable
from app.routing.engine.leads import PERPETRATOR_LEAD, VICTIM_LEAD, LeadTable
from app.routing.engine.near_misses import NearMisses
from app.routing.engine.outcome_answers import ReadyQuestion, ready_questions
from app.routing.engine.supports import Conditional, ready_supports, ready_warnings
from app.routing.policy.types import Policy
from app.routing.record.codec import canonical_json, source_to_dict
from app.routing.record.decision import Support, WarningNotice

# One that drops out is prepared again when it next decides, with the same result.
_POLICIES_KEPT = 32


@dataclass(frozen=True, slots=True)
class PreparedPolicy:
    """A policy with every part prepared. `sources` holds the canonical JSON of each source by id."""

    policy: Policy
    facts: FactSheet
    questions: tuple[ReadyQuestion, ...]
    findings: Mapping[str, ReadyFinding]
    near_misses: NearMisses
    victim: LeadTable
    perpetrator: LeadTable
    supports: tuple[Conditional[Support], ...]
    duties: Duties
    warnings: tuple[Conditional[WarningNotice], ...]
    sources: Mapping[str, str]


@lru_cache(maxsize=_POLICIES_KEPT)
def prepare(policy: Policy) -> PreparedPolicy:
    """Returns the prepared policy. It is cached by the identity of the policy, so a changed copy is prepared anew."""
    conditions = ConditionTable(policy)
    return PreparedPolicy(
        policy=policy,
        facts=FactSheet(policy, conditions),
        questions=ready_questions(policy, conditions),
        findings={rule.id: ReadyFinding(policy, rule) for rule in policy.rules},
        near_misses=NearMisses(policy, conditions),
        victim=LeadTable(VICTIM_LEAD, policy),
        perpetrator=LeadTable(PERPETRATOR_LEAD, policy),
        supports=ready_supports(policy, conditions),
        duties=Duties(policy, conditions),
        warnings=ready_warnings(policy, conditions),
        sources={name: canonical_json(source_to_dict(source)) for name, source in policy.sources.items()},
    )
