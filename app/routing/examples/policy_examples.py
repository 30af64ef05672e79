"""Reads and runs examples: the given facts, and what must be true of the decision, with rules and sentences.

A partnership can run its own examples on our policies, and ours on its policy. In a file an example is a
`[[example]]`. It names what differs from the one that it extends; `unknown` lists the facts that nobody knows.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.routing.engine.decide import decide
from app.routing.policy.labels import due_name
from app.routing.policy.types import Fact, Policy
from app.routing.record.decision import RoutingDecision


@dataclass(frozen=True, slots=True)
class PolicyExample:
    """One situation with everything that must be true of its decision."""

    name: str
    given: Mapping[str, Fact]
    expect: Mapping[str, object]
    source: str


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """How many examples were run, and each that failed with what differs."""

    ran: int
    failed: tuple[tuple[str, tuple[str, ...]], ...]


def read_examples(*texts: str) -> tuple[PolicyExample, ...]:
    """Returns the examples of the files. A later file may extend the examples of an earlier one.

    Raises ValueError when an example extends one that is not there, or a name is used twice.
    """
    known: dict[str, PolicyExample] = {}
    for text in texts:
        for table in tomllib.loads(text).get("example", []):
            example = _example(table, known)
            if example.name in known:
                raise ValueError(f"two examples are called '{example.name}'")
            known[example.name] = example
    return tuple(known.values())


def _example(table: Mapping[str, object], known: Mapping[str, PolicyExample]) -> PolicyExample:
    name, extends = str(table["name"]), table.get("extends")
    if extends is not None and extends not in known:
        raise ValueError(f"example '{name}' extends '{extends}', which is not there")
    base = known[str(extends)].given if extends else {}
    given = table.get("given", {})
    unknown = table.get("unknown", [])
    expect = table.get("expect", {})
    if not isinstance(given, dict) or not isinstance(unknown, list) or not isinstance(expect, dict):
        raise TypeError(f"example '{name}': `given` and `expect` are tables, `unknown` is a list")
    facts = {**base, **given, **dict.fromkeys(unknown)}
    return PolicyExample(name, facts, expect, str(table.get("source", "")))


def run_examples(policy: Policy, examples: Iterable[PolicyExample]) -> ExampleReport:
    """Decides every example under the policy and compares the decision with what the example expects."""
    ran, failed = 0, []
    for example in examples:
        ran += 1
        differences = tuple(unmet_expectations(decide(policy, example.given), example.expect))
        if differences:
            failed.append((example.name, differences))
    return ExampleReport(ran, tuple(failed))


def unmet_expectations(decision: RoutingDecision, expect: Mapping[str, object]) -> Iterator[str]:
    """Yields one sentence for each expectation that the decision does not meet."""
    for key, wanted in expect.items():
        if key.endswith("_include"):
            missing = _listed(wanted) - _all(decision, key.removesuffix("_include"))
            if missing:
                yield f"{key}: {', '.join(sorted(missing))} is missing"
        elif key.endswith("_exclude"):
            present = _listed(wanted) & _all(decision, key.removesuffix("_exclude"))
            if present:
                yield f"{key}: {', '.join(sorted(present))} is there"
        elif isinstance(wanted, dict):
            yield from _differing_sentences(key, _sentences(decision, key), wanted)
        elif (got := _one(decision, key)) != wanted:
            yield f"{key}: expected {wanted}, got {got}"


def _listed(wanted: object) -> set[str]:
    if not isinstance(wanted, list):
        raise TypeError(f"{wanted!r} must be a list")
    return {str(each) for each in wanted}


def _differing_sentences(key: str, got: Mapping[str, str], wanted: Mapping[str, object]) -> Iterator[str]:
    for name, sentence in wanted.items():
        if got.get(name) != sentence:
            yield f"{key}.{name}: expected '{sentence}', got '{got.get(name)}'"


def _all(decision: RoutingDecision, key: str) -> set[str]:
    parts: Mapping[str, Callable[[], set[str]]] = {
        "rules": lambda: {finding.rule for finding in decision.findings},
        "duties": lambda: {duty.id for duty in decision.duties},
        "dangers": lambda: {duty.id for duty in decision.duties if duty.life_safety},
        "supports": lambda: {support.forum or support.role for support in decision.supports},
        "support_rules": lambda: {support.rule for support in decision.supports},
        "warnings": lambda: {warning.id for warning in decision.warnings},
        "near_misses": lambda: {miss.rule for miss in decision.near_misses},
        "open": lambda: {each.outcome for each in decision.open},
        "asked": lambda: {item.fact for enquiry in decision.enquiries for item in enquiry.items},
        "asks": lambda: {enquiry.role for enquiry in decision.enquiries},
        "not_looked_up": lambda: set(decision.not_looked_up),
    }
    return parts[key]()


def _sentences(decision: RoutingDecision, key: str) -> Mapping[str, str]:
    parts: Mapping[str, Callable[[], Mapping[str, str]]] = {
        "says": lambda: {finding.rule: finding.because for finding in decision.findings},
        "sources": lambda: {finding.rule: finding.source.id for finding in decision.findings},
        "why_not": lambda: {f"{each.need}.{each.forum}": each.because for each in decision.why_not},
        "needed": lambda: {miss.rule: miss.needed for miss in decision.near_misses},
        "warns": lambda: {warning.id: warning.says for warning in decision.warnings},
        "duty_says": lambda: {duty.id: duty.because for duty in decision.duties},
    }
    return parts[key]()


def _one(decision: RoutingDecision, key: str) -> object:
    if key in decision.outcomes:
        return decision.outcomes[key]
    parts: Mapping[str, Callable[[], object]] = {
        "rows": lambda: list(decision.primacy_rows),
        "hub_asks_first": lambda: next((item.fact for each in decision.enquiries for item in each.items), ""),
        "hub_because": lambda: next((each.because for each in decision.enquiries if each.reviews), ""),
        "hub_within": lambda: next((due_name(each.clock) for each in decision.enquiries), ""),
        "held_by": lambda: decision.held_by,
        "victim": lambda: decision.victim.forum,
        "victim_row": lambda: decision.victim.row,
        "victim_because": lambda: decision.victim.because,
        "perpetrator": lambda: decision.perpetrator.forum,
        "perpetrator_row": lambda: decision.perpetrator.row,
        "perpetrator_because": lambda: decision.perpetrator.because,
        "holder": lambda: decision.perpetrator.holder,
        "rules": lambda: [finding.rule for finding in decision.findings],
        "candidates": lambda: [lead.forum for lead in decision.perpetrator_candidates],
        "decided_by": lambda: sorted({name for each in decision.open for name in each.decided_by}),
    }
    return parts[key]()
