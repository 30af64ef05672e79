"""Writes a decision as what only the case can say: its facts, its answers, and the ids of what followed.

The policy's fingerprint names the text from which every sentence is printed again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.routing.policy.types import Fact, Policy
from app.routing.record.decision import Finding, Lead, NearMiss, OpenQuestion, RoutingDecision, WhyNot

ShortForm: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it is stored: `sha256` is the fingerprint of the whole record, which is printed again."""

    policy_sha256: str
    sha256: str
    short: ShortForm


def short_form(decision: RoutingDecision) -> dict[str, Any]:
    """Returns the facts that are known, the answers, and the ids of what followed, as plain data."""
    return {
        "engine": decision.engine_version,
        "facts": {name: value for name, value in decision.facts.items() if value is not None},
        "outcomes": dict(decision.outcomes),
        "held_by": decision.held_by.value,
        "victim": _lead(decision.victim, decision.victim_candidates),
        "perpetrator": _lead(decision.perpetrator, decision.perpetrator_candidates),
        "findings": _by_outcome(decision.findings),
        "near_misses": [near_miss_id(each) for each in decision.near_misses],
        "supports": [each.rule for each in decision.supports],
        "why_not": [_why_not_id(each) for each in decision.why_not],
        "open": [_open(each) for each in decision.open],
        "duties": [each.id for each in decision.duties],
        "asked": {one.role.value: [item.fact for item in one.items] for one in decision.enquiries},
        "warnings": [each.id for each in decision.warnings],
    }


def stored_form(decision: RoutingDecision) -> StoredDecision:
    """Returns the decision as it is stored."""
    return StoredDecision(decision.policy_sha256, decision.sha256, short_form(decision))


def all_facts(policy: Policy, short: ShortForm) -> dict[str, Fact]:
    """Returns every fact of the policy; one that the short form leaves out is not known."""
    return {**dict.fromkeys(policy.facts), **short["facts"]}


def near_miss_id(miss: NearMiss) -> str:
    """Returns the rule and its one condition that fails."""
    return f"{miss.rule} {miss.missing.fact} {miss.missing.operator}"


def _lead(lead: Lead, candidates: Iterable[Lead]) -> dict[str, Any]:
    return {"forum": lead.forum.value, "holder": lead.holder.value, "rows": [each.row for each in candidates]}


def _by_outcome(findings: Iterable[Finding]) -> dict[str, list[str]]:
    rules: dict[str, list[str]] = {}
    for each in findings:
        rules.setdefault(each.outcome, []).append(each.rule)
    return rules


def _why_not_id(each: WhyNot) -> str:
    return " ".join(filter(None, (each.need.value, each.forum.value, each.rule)))


def _open(each: OpenQuestion) -> dict[str, Any]:
    return {"outcome": each.outcome, "decided_by": list(each.decided_by)}
