"""A prepared policy decides as its conditions say, writes the JSON of the codec, and keeps nothing of a case."""

from collections.abc import Iterator
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from app.routing.engine.decide import decide
from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.engine.prepared_policy import prepare
from app.routing.policy.conditions import is_met as meets
from app.routing.policy.faults import FactErrors
from app.routing.policy.types import Condition, Fact, FactType, Policy
from app.routing.record.codec import fingerprint, to_dict
from app.vocabulary import Forum
from tests.routing.given import baseline, every_policy, facts

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
POLICIES = sorted(every_policy())


def edges(fact: FactType, conditions: list[Condition]) -> set[Fact]:
    """Every value a condition names with its neighbours, and both ends of the range."""
    if fact.kind == "flag":
        return {True, False}
    if fact.kind == "choice":
        return set(fact.values)
    named = {value for condition in conditions for value in condition.right}
    near = {value + step for value in named for step in (-1, 0, 1)} | {fact.low, fact.high}
    return {value for value in near if fact.low <= value <= fact.high}


def on_facts(policy: Policy) -> Iterator[tuple[FactType, list[Condition]]]:
    """Each fact of the policy with all conditions that read it."""
    groups = [each.when for each in (*policy.rules, *policy.supports, *policy.warnings)]
    groups += [tuple(duty.conditions) for duty in policy.duties]
    for fact in policy.facts.values():
        yield fact, [condition for group in groups for condition in group if condition.left == fact.name]


@st.composite
def situations(draw: st.DrawFn) -> tuple[Policy, dict[str, Fact]]:
    """A policy and facts at the edges of its conditions, any number of them not known."""
    policy = every_policy()[draw(st.sampled_from(POLICIES))]
    of_each = {
        fact.name: st.sampled_from(sorted(edges(fact, read))) | (st.nothing() if fact.recorded else st.none())
        for fact, read in on_facts(policy)
    }
    return policy, {**facts(), **draw(st.fixed_dictionaries({}, optional=of_each))}


@QUICK
@given(situations())
def test_fingerprint_put_together_from_pieces_is_that_of_the_record_written_whole(
    situation: tuple[Policy, dict[str, Fact]],
) -> None:
    decision = decide(*situation)

    assert decision.sha256 == fingerprint(to_dict(replace(decision, sha256="")))
    assert decision.facts_sha256 == fingerprint(dict(decision.facts))


@pytest.mark.parametrize("name", POLICIES)
def test_every_condition_on_a_fact_is_met_by_exactly_the_values_it_asks_for(name: str) -> None:
    policy = every_policy()[name]
    conditions = ConditionTable(policy)

    wrong = [
        (condition, value)
        for fact, read in on_facts(policy)
        for value in edges(fact, read)
        for condition in read
        if bool(conditions.unmet[fact.name][value] & conditions.needs([condition])) is meets(condition, value)
    ]

    assert wrong == []


@pytest.mark.parametrize(("answer", "verdict"), [("l2", True), ("l3", True), ("l1", False), ("open", False)])
def test_open_answer_is_a_value_of_its_own_and_counts_as_no_other(answer: str, verdict: bool) -> None:
    at_a_level = Condition("mappa", "in", ("l2", "l3"))
    (warning, *_) = baseline().warnings
    policy = replace(baseline(), warnings=(replace(warning, when=(at_a_level,)),))
    conditions = ConditionTable(policy)
    known = KnownFacts(conditions, conditions.at_rest, {})

    known.settle("mappa", answer)

    assert known.holds(conditions.needs([at_a_level])) is verdict


def test_condition_on_a_fact_not_known_is_undecided_until_nobody_asks_any_more() -> None:
    known = prepare(baseline()).facts.read(facts(ticks=None)).known
    at_the_line = ConditionTable(baseline()).needs([Condition("ticks", ">=", (14,))])

    assert known.holds(at_the_line) is None
    known.stop_asking()
    assert known.holds(at_the_line) is False


def test_fact_with_a_value_meanwhile_is_read_as_that_and_still_counts_as_not_known() -> None:
    given = prepare(baseline()).facts.read(facts(victim_age=None, in_custody=None, ticks=None))

    assert (given.known["victim_age"], given.known["in_custody"]) == (18, False)
    assert given.unknown == ("ticks", "victim_age", "in_custody")
    assert given.facts["victim_age"] is None


def test_changed_copy_of_a_policy_is_decided_by_its_own_rules_and_not_by_the_first() -> None:
    judged = facts(judged_high=True)
    before = decide(baseline(), judged)
    without = replace(baseline(), rules=tuple(rule for rule in baseline().rules if rule.outcome != "marac"))

    changed = decide(without, judged)

    assert (before.outcomes["marac"], changed.outcomes["marac"]) == ("yes", "no")
    assert decide(baseline(), judged) == before


def test_decisions_made_in_between_leave_nothing_behind_in_the_prepared_policy() -> None:
    first = decide(baseline(), facts(ticks=14))
    for ticks in (0, None, 27):
        decide(baseline(), facts(ticks=ticks, judged_high=None))

    again = decide(baseline(), facts(ticks=14))

    assert again == first


def test_forum_given_as_a_word_of_the_vocabulary_is_decided_like_the_plain_word() -> None:
    plain = decide(baseline(), facts(held_by="HUB"))

    assert decide(baseline(), facts(held_by=Forum.HUB)) == plain
    assert type(decide(baseline(), facts(held_by=Forum.HUB)).facts["held_by"]) is str


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"judged_high": 1}, "'judged_high' is 1; it must be true or false"),
        ({"ticks": True}, "'ticks' is True; it must be a whole number from 0 to 27"),
        ({"ticks": 28}, "'ticks' is 28; it must be a whole number from 0 to 27"),
        ({"ticks": -1}, "'ticks' is -1; it must be a whole number from 0 to 27"),
        ({"held_by": None}, "'held_by' is a record of our own and cannot be unknown"),
        ({"held_by": "NOBODY"}, "'held_by' is 'NOBODY'; it must be one of"),
        ({"dash_ticks": 14}, "'dash_ticks' is not a fact of this policy"),
    ],
)
def test_fact_that_looks_like_another_kind_is_refused_and_never_taken_for_it(
    changed: dict[str, Fact], message: str
) -> None:
    with pytest.raises(FactErrors) as refused:
        decide(baseline(), {**facts(), **changed})

    (only,) = refused.value.messages
    assert only.startswith(message)
