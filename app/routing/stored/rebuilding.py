"""Fills the parts of a policy that a stored decision names by id, without answering its questions again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from app.routing.engine.decide import open_question
from app.routing.engine.leads import PERPETRATOR_LEAD, VICTIM_LEAD, LeadTable
from app.routing.engine.prepared_policy import PreparedPolicy, prepare
from app.routing.engine.why_not import reasons_not_to_lead
from app.routing.policy.columns import column_values
from app.routing.policy.outcomes import QUESTIONS, primacy_rows
from app.routing.policy.refusals import DECLINED_FACTS
from app.routing.policy.types import Fact, Policy
from app.routing.record.codec import fingerprint
from app.routing.record.decision import Finding, Lead, RoutingDecision, WhyNot
from app.routing.record.short_form import ShortForm, StoredDecision, all_facts
from app.vocabulary import Forum


def rebuilt(policy: Policy, stored: StoredDecision, again: RoutingDecision) -> RoutingDecision:
    """Returns the decision from the ids and facts that were stored; the questions of enquiries are those of `again`.

    The rooms that asked keep what was asked. Raises KeyError when the policy has no such part.
    """
    prepared, short = prepare(policy), stored.short
    facts, outcomes = all_facts(policy, short), dict(short["outcomes"])
    columns = column_values(outcomes, facts)
    known = {**prepared.facts.as_read(facts), **outcomes, **columns, **_leads(short)}
    findings = tuple(_findings(prepared, short, known))
    victim, perpetrator = (
        _candidates(table, short[name]["rows"], known)
        for name, table in (("victim", prepared.victim), ("perpetrator", prepared.perpetrator))
    )
    supports = dict(zip((each.id for each in policy.supports), prepared.supports, strict=True))
    warnings = dict(zip((each.id for each in policy.warnings), prepared.warnings, strict=True))
    return replace(
        again,
        engine_version=short["engine"],
        primacy_rows=primacy_rows(outcomes["marac"], outcomes["matac"], outcomes["mappa"]),
        outcomes=MappingProxyType({question.name: outcomes[question.name] for question in QUESTIONS}),
        victim=victim[0],
        perpetrator=perpetrator[0],
        victim_candidates=victim,
        perpetrator_candidates=perpetrator,
        held_by=Forum(short["held_by"]),
        supports=tuple(supports[name].template.of(known).part for name in short["supports"]),
        why_not=tuple(_why_not(facts, columns, (victim, perpetrator), findings)),
        findings=findings,
        near_misses=tuple(prepared.near_misses.by_id(name, known) for name in short["near_misses"]),
        open=tuple(open_question(policy, each["outcome"], tuple(each["decided_by"]), facts) for each in short["open"]),
        duties=tuple(prepared.duties.rebuilt(name, known, facts) for name in short["duties"]),
        warnings=tuple(warnings[name].template.of(known).part for name in short["warnings"]),
        facts=MappingProxyType(facts),
        facts_sha256=fingerprint(facts),
        sha256=stored.sha256,
    )


def _leads(short: ShortForm) -> dict[str, Fact]:
    return {VICTIM_LEAD: short["victim"]["forum"], PERPETRATOR_LEAD: short["perpetrator"]["forum"]}


def _findings(prepared: PreparedPolicy, short: ShortForm, known: Mapping[str, Fact]) -> Iterator[Finding]:
    for question in QUESTIONS:
        for rule in short["findings"].get(question.name, ()):
            yield prepared.findings[rule].on(known).part


def _candidates(table: LeadTable, rows: Iterable[str], known: Mapping[str, Fact]) -> tuple[Lead, ...]:
    return tuple(table.by_id(row).template.of(known).part for row in rows)


def _why_not(
    facts: Mapping[str, Fact],
    columns: Mapping[str, str],
    asked: tuple[tuple[Lead, ...], tuple[Lead, ...]],
    findings: tuple[Finding, ...],
) -> Iterator[WhyNot]:
    declined = frozenset(forum for forum, name in DECLINED_FACTS if facts[name])
    victim, perpetrator = (tuple(lead.forum for lead in candidates) for candidates in asked)
    return (each.part for each in reasons_not_to_lead(columns, victim, perpetrator, declined, findings))
