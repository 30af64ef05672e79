"""L6 for the words of the policies: each sentence that states a fact of the case has its truth, and a new one fails.

The truths stand in `sentences.toml`, beside the words that they were read from.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from app.routing.engine.decide import decide
from app.routing.policy.types import Fact, Policy
from app.routing.record.decision import RoutingDecision
from tests.routing.engine.test_laws_of_every_decision import any_facts
from tests.routing.given import every_policy, examples_of, facts, parameters

READ = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
CLAIMS: dict[str, dict[str, object]] = READ["claims"]
RULES: dict[str, str] = READ["states_a_rule"]
NAMES = sorted(every_policy())
QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def said(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every part of a policy with its sentence, as it stands there."""
    for parts in (policy.rules, policy.victim_rows, policy.perpetrator_rows):
        yield from ((part.id, part.says) for part in parts)
    for others in (policy.supports, policy.duties, policy.warnings):
        yield from ((part.id, part.says) for part in others)


def told(decision: RoutingDecision) -> Iterator[str]:
    """The parts of which a reader is told the sentence."""
    yield from (finding.rule for finding in decision.findings)
    yield from (support.rule for support in decision.supports)
    yield from (duty.id for duty in decision.duties)
    yield from (warning.id for warning in decision.warnings)
    yield from (lead.row for lead in (decision.victim, decision.perpetrator))


def known_of(policy: Policy, decision: RoutingDecision, given_facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {
        **parameters(policy),
        **given_facts,
        **{name: fact.unsaid for name, fact in policy.facts.items() if given_facts[name] is None},
        "somebody_declined": any(given_facts[name] for name in given_facts if name.startswith("declined_")),
        **decision.outcomes,
        "victim_lead": str(decision.victim.forum),
        "perpetrator_lead": str(decision.perpetrator.forum),
        "perpetrator_holder": str(decision.perpetrator.holder),
    }


def holds(claim: str, known: Mapping[str, Fact]) -> bool:
    name, operator, *words = claim.split()
    value = known[name]
    if operator in {"==", "in", "is"}:
        return (str(value).lower() if isinstance(value, bool) else "unknown" if value is None else str(value)) in words
    if operator == "!=":
        return str(value) not in words
    limit = known[words[0]] if words[0] in known else int(words[0])
    assert isinstance(limit, int)
    return isinstance(value, int) and {">=": value >= limit, "<=": value <= limit, "<": value < limit}[operator]


def untrue(policy: Policy, known: Mapping[str, Fact]) -> list[str]:
    decision = decide(policy, known)
    seen = known_of(policy, decision, known)
    claims = ((part, CLAIMS[part]["so"]) for part in told(decision) if part in CLAIMS)
    return [part for part, ways in claims if not any(all(holds(one, seen) for one in way.split(" & ")) for way in ways)]


@pytest.mark.parametrize("name", NAMES)
def test_law_l6_every_sentence_of_a_policy_has_its_truth_or_is_read_as_a_rule(name: str) -> None:
    read = {part: str(claim["says"]) for part, claim in CLAIMS.items()} | RULES

    changed = {part: says for part, says in said(every_policy()[name]) if read.get(part) != says}

    assert changed == {}


def test_law_l6_no_sentence_is_read_that_no_policy_says_and_none_both_ways() -> None:
    ids = {part for policy in every_policy().values() for part, _ in said(policy)}

    assert (CLAIMS.keys() | RULES.keys()) - ids == set()
    assert CLAIMS.keys() & RULES.keys() == set()


@QUICK
@given(any_facts(), st.sampled_from(NAMES))
def test_law_l6_each_sentence_of_a_part_is_true_when_it_is_said(known: dict[str, Fact], name: str) -> None:
    assert untrue(every_policy()[name], known) == []


@pytest.mark.parametrize("name", NAMES)
def test_law_l6_each_sentence_of_a_part_is_true_in_every_example(name: str) -> None:
    policy = every_policy()[name]

    for example in examples_of(name):
        assert untrue(policy, example.given) == [], example.name


def test_law_l6_a_false_sentence_would_be_noticed() -> None:
    assert holds("seen_alone in false unknown", facts(seen_alone=False))
    assert not holds("seen_alone in false unknown", facts(seen_alone=True))
    assert not holds("ticks >= 14", facts(ticks=None))
