"""A decision put together from its written parts, with the fingerprint of its one spelling."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.routing.engine.fact_reading import CheckedFacts
from app.routing.engine.prepared_policy import Prepared
from app.routing.record.codec import plain, sha256, spelled
from app.routing.record.decision import (
    Duty,
    Finding,
    Lead,
    NearMiss,
    RoutingDecision,
    Support,
    Unsettled,
    WarningNotice,
    WhyNot,
)
from app.routing.record.serialisation import SerialisedPart, spelled_list, spelled_table, whats
from app.vocabulary import Forum


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is decided, part by part, each with its spelling. The first candidate is the lead."""

    engine_version: str
    given: CheckedFacts
    outcomes: Mapping[str, str]
    primacy_row: int
    provisional: bool
    held_by: Forum
    victim: tuple[SerialisedPart[Lead], ...]
    perpetrator: tuple[SerialisedPart[Lead], ...]
    supports: tuple[SerialisedPart[Support], ...]
    why_not: tuple[SerialisedPart[WhyNot], ...]
    findings: tuple[SerialisedPart[Finding], ...]
    near_misses: tuple[SerialisedPart[NearMiss], ...]
    unsettled: tuple[Unsettled, ...]
    duties: tuple[SerialisedPart[Duty], ...]
    warnings: tuple[SerialisedPart[WarningNotice], ...]

    def sources(self) -> set[str | None]:
        """The ids of the sources of all parts."""
        led: tuple[SerialisedPart[Any], ...] = (
            *self.victim,
            *self.perpetrator,
            *self.findings,
            *self.near_misses,
        )
        asked: tuple[SerialisedPart[Any], ...] = (*self.supports, *self.duties, *self.warnings)
        return {part.source for part in (*led, *asked)}


def recorded(prepared: Prepared, draft: Draft) -> RoutingDecision:
    """The decision with its own fingerprint, which covers every byte but itself."""
    policy, given = prepared.policy, draft.given
    return RoutingDecision(
        policy_id=policy.id,
        policy_version=policy.version,
        policy_sha256=policy.sha256,
        engine_version=draft.engine_version,
        primacy_row=draft.primacy_row,
        provisional=draft.provisional,
        outcomes=MappingProxyType(draft.outcomes),
        victim=draft.victim[0].what,
        perpetrator=draft.perpetrator[0].what,
        victim_candidates=whats(draft.victim),
        perpetrator_candidates=whats(draft.perpetrator),
        held_by=draft.held_by,
        supports=whats(draft.supports),
        why_not=whats(draft.why_not),
        findings=whats(draft.findings),
        near_misses=whats(draft.near_misses),
        unsettled=draft.unsettled,
        duties=whats(draft.duties),
        warnings=whats(draft.warnings),
        facts=given.facts,
        facts_sha256=given.sha256,
        sha256=sha256(_text(prepared, draft)),
    )


def _text(prepared: Prepared, draft: Draft) -> str:
    """What the codec writes of the decision, its fingerprint left empty, in the one spelling."""
    policy, given = prepared.policy, draft.given
    cited = sorted(source for source in draft.sources() if source)
    return spelled_table(
        {
            "policy_id": spelled(policy.id),
            "policy_version": spelled(policy.version),
            "policy_sha256": spelled(policy.sha256),
            "engine_version": spelled(draft.engine_version),
            "primacy_row": str(draft.primacy_row),
            "provisional": "true" if draft.provisional else "false",
            "outcomes": spelled(draft.outcomes),
            "victim": draft.victim[0].text,
            "perpetrator": draft.perpetrator[0].text,
            "victim_candidates": spelled_list(draft.victim),
            "perpetrator_candidates": spelled_list(draft.perpetrator),
            "held_by": spelled(draft.held_by.value),
            "supports": spelled_list(draft.supports),
            "why_not": spelled_list(draft.why_not),
            "findings": spelled_list(draft.findings),
            "near_misses": spelled_list(draft.near_misses),
            "unsettled": spelled([plain(each) for each in draft.unsettled]),
            "duties": spelled_list(draft.duties),
            "warnings": spelled_list(draft.warnings),
            "facts": given.text,
            "facts_sha256": spelled(given.sha256),
            "sha256": '""',
            "sources": spelled_table({source: prepared.sources[source] for source in cited}),
        }
    )
