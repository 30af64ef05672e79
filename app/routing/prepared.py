"""A policy prepared to decide: everything that does not depend on a case, worked out once.

Nothing of a case is kept. Prepared again it is the same, whatever was decided in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.routing.answers import ReadyQuestion, ready_questions
from app.routing.codec import plain_source, spelled
from app.routing.decision import Notice, Support
from app.routing.duties import FINDING_OUT, Duties
from app.routing.fact_sheet import FactSheet
from app.routing.findings import ReadyFinding
from app.routing.leads import PERPETRATOR_LEAD, VICTIM_LEAD, LeadTable
from app.routing.near_misses import NearMisses
from app.routing.supports import Conditional, ready_supports, ready_warnings
from app.routing.types import Policy
from app.routing.verdicts import Conditions

_POLICIES_KEPT = 32


@dataclass(frozen=True, slots=True)
class Prepared:
    """A policy with its conditions by place and every part ready to be told. `sources` are spelled by id."""

    policy: Policy
    facts: FactSheet
    questions: tuple[ReadyQuestion, ...]
    findings: Mapping[str, ReadyFinding]
    near_misses: NearMisses
    victim: LeadTable
    perpetrator: LeadTable
    supports: tuple[Conditional[Support], ...]
    duties: Duties
    warnings: tuple[Conditional[Notice], ...]
    sources: Mapping[str, str]


@lru_cache(maxsize=_POLICIES_KEPT)
def prepare(policy: Policy) -> Prepared:
    """The policy ready to decide. A policy is itself and no other: a mutant of it is prepared anew."""
    conditions = Conditions(policy)
    cited = {**policy.sources, FINDING_OUT.id: FINDING_OUT}
    return Prepared(
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
        sources={name: spelled(plain_source(source)) for name, source in cited.items()},
    )
