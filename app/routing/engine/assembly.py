"""Assembles a decision from its parts, with the fingerprint of its canonical JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.routing.engine.fact_reading import CheckedFacts
from app.routing.engine.prepared_policy import PreparedPolicy
from app.routing.record.codec import canonical_json, part_to_dict, sha256
from app.routing.record.decision import (
    Duty,
    Enquiry,
    Finding,
    Lead,
    NearMiss,
    OpenQuestion,
    RoutingDecision,
    Support,
    WarningNotice,
    WhyNot,
)
from app.routing.record.serialisation import SerialisedPart, json_list, json_object, parts_of
from app.vocabulary import Forum


@dataclass(frozen=True, slots=True)
class DecisionParts:
    """Everything that is decided, each part with its canonical JSON. The first candidate is the lead."""

    engine_version: str
    given: CheckedFacts
    outcomes: Mapping[str, str]
    primacy_rows: tuple[int, ...]
    held_by: Forum
    victim: tuple[SerialisedPart[Lead], ...]
    perpetrator: tuple[SerialisedPart[Lead], ...]
    supports: tuple[SerialisedPart[Support], ...]
    why_not: tuple[SerialisedPart[WhyNot], ...]
    findings: tuple[SerialisedPart[Finding], ...]
    near_misses: tuple[SerialisedPart[NearMiss], ...]
    open: tuple[OpenQuestion, ...]
    enquiries: tuple[Enquiry, ...]
    not_looked_up: tuple[str, ...]
    duties: tuple[SerialisedPart[Duty], ...]
    warnings: tuple[SerialisedPart[WarningNotice], ...]

    def sources(self) -> set[str | None]:
        """Returns the ids of the sources that the parts cite."""
        led: tuple[SerialisedPart[Any], ...] = (
            *self.victim,
            *self.perpetrator,
            *self.findings,
            *self.near_misses,
        )
        asked: tuple[SerialisedPart[Any], ...] = (*self.supports, *self.duties, *self.warnings)
        return {part.source for part in (*led, *asked)}


def assemble_decision(prepared: PreparedPolicy, draft: DecisionParts) -> RoutingDecision:
    """Returns the decision with its own fingerprint, which covers every other field."""
    policy, given = prepared.policy, draft.given
    return RoutingDecision(
        policy_id=policy.id,
        policy_version=policy.version,
        policy_sha256=policy.sha256,
        engine_version=draft.engine_version,
        primacy_rows=draft.primacy_rows,
        outcomes=MappingProxyType(draft.outcomes),
        victim=draft.victim[0].part,
        perpetrator=draft.perpetrator[0].part,
        victim_candidates=parts_of(draft.victim),
        perpetrator_candidates=parts_of(draft.perpetrator),
        held_by=draft.held_by,
        supports=parts_of(draft.supports),
        why_not=parts_of(draft.why_not),
        findings=parts_of(draft.findings),
        near_misses=parts_of(draft.near_misses),
        open=draft.open,
        enquiries=draft.enquiries,
        not_looked_up=draft.not_looked_up,
        duties=parts_of(draft.duties),
        warnings=parts_of(draft.warnings),
        facts=given.facts,
        facts_sha256=given.sha256,
        sha256=sha256(_text(prepared, draft)),
    )


def _text(prepared: PreparedPolicy, draft: DecisionParts) -> str:
    """Returns the canonical JSON of the decision as the codec writes it, with an empty fingerprint."""
    policy, given = prepared.policy, draft.given
    cited = sorted(source for source in draft.sources() if source)
    return json_object(
        {
            "policy_id": canonical_json(policy.id),
            "policy_version": canonical_json(policy.version),
            "policy_sha256": canonical_json(policy.sha256),
            "engine_version": canonical_json(draft.engine_version),
            "primacy_rows": canonical_json(list(draft.primacy_rows)),
            "outcomes": canonical_json(draft.outcomes),
            "victim": draft.victim[0].json,
            "perpetrator": draft.perpetrator[0].json,
            "victim_candidates": json_list(draft.victim),
            "perpetrator_candidates": json_list(draft.perpetrator),
            "held_by": canonical_json(draft.held_by.value),
            "supports": json_list(draft.supports),
            "why_not": json_list(draft.why_not),
            "findings": json_list(draft.findings),
            "near_misses": json_list(draft.near_misses),
            "open": canonical_json([part_to_dict(each) for each in draft.open]),
            "enquiries": canonical_json([part_to_dict(each) for each in draft.enquiries]),
            "not_looked_up": canonical_json(list(draft.not_looked_up)),
            "duties": json_list(draft.duties),
            "warnings": json_list(draft.warnings),
            "facts": given.json,
            "facts_sha256": canonical_json(given.sha256),
            # Empty meanwhile: a fingerprint cannot cover itself, and a replay empties it before it compares.
            "sha256": '""',
            "sources": json_object({source: prepared.sources[source] for source in cited}),
        }
    )
