"""Sets of situations as bits agree with counting the situations one by one."""

from itertools import product

import hypothesis.strategies as st
from hypothesis import given, settings

from app.routing.engine.known_facts import ConditionTable
from app.routing.engine.outcome_answers import ReadyRule, answer_of
from app.routing.policy.conditions import is_met as meets
from app.routing.policy.outcomes import QUESTIONS
from app.routing.policy.situation_space import Space, cut_points
from app.routing.policy.types import Condition
from app.routing.proof.rule_spaces import answer_sets, answer_space
from tests.routing.given import baseline

AXES = {"a": (False, True), "b": (0, 3, 5), "c": ("x", "y", "z")}


def situations() -> list[dict]:
    """Every situation in the order of its bit: the first axis turns fastest."""
    names = list(AXES)
    return [
        dict(zip(names, reversed(values), strict=True)) for values in product(*(AXES[name] for name in reversed(names)))
    ]


@given(
    st.sampled_from(
        [
            Condition("a", "==", (True,)),
            Condition("b", ">=", (3,)),
            Condition("b", "<", (5,)),
            Condition("b", "!=", (3,)),
            Condition("c", "in", ("x", "z")),
        ]
    )
)
def test_a_condition_holds_in_exactly_the_situations_that_meet_it(condition: Condition) -> None:
    space = Space(AXES)

    bits = space.where(condition)

    assert [bool(bits >> n & 1) for n in range(space.size)] == [
        meets(condition, situation[condition.left]) for situation in situations()
    ]


@given(st.integers(1, 2**18 - 1))
def test_the_situation_named_is_one_of_the_set(bits: int) -> None:
    space = Space(AXES)

    named = space.situation(bits)

    first = next(n for n in range(space.size) if bits >> n & 1)
    assert named == situations()[first]


@given(st.integers(0, 2**18 - 1), st.sampled_from(list(AXES)))
def test_raising_an_axis_moves_each_situation_one_value_up(bits: int, name: str) -> None:
    space = Space(AXES)
    values = AXES[name]

    raised = space.raised(name, bits)

    moved = 0
    for n, situation in enumerate(situations()):
        place = values.index(situation[name])
        if bits >> n & 1 and place + 1 < len(values):
            moved |= 1 << situations().index({**situation, name: values[place + 1]})
    assert raised == moved


def test_a_number_is_cut_where_a_condition_can_tell_it_apart() -> None:
    conditions = [Condition("b", ">=", (14,)), Condition("b", "<=", (20,))]

    assert cut_points(conditions, 0, 27) == (0, 14, 15, 20, 21)


UNSURE = {"a": (None, False, True), "b": (0, 3, 5), "c": (None, "x", "y")}


def unsure_situations() -> list[dict]:
    names = list(UNSURE)
    return [
        dict(zip(names, reversed(values), strict=True))
        for values in product(*(UNSURE[name] for name in reversed(names)))
    ]


@given(st.integers(0, 2**27 - 1), st.sampled_from(["a", "c"]))
def test_completing_a_fact_gives_every_situation_that_it_may_turn_out_to_be(bits: int, name: str) -> None:
    space, every = Space(UNSURE), unsure_situations()

    completed = space.completed(name, bits)

    expected = 0
    for n, situation in enumerate(every):
        if bits >> n & 1 and situation[name] is None:
            for value in UNSURE[name][1:]:
                expected |= 1 << every.index({**situation, name: value})
    assert completed == expected


def test_conditions_may_hold_where_none_fails_and_not_known_fails_only_when_it_is_asked_for() -> None:
    space, every = Space(UNSURE), unsure_situations()
    conditions = [Condition("a", "==", (True,)), Condition("c", "is", ("unknown",))]

    held, may = space.where_all(conditions), space.where_all_may_hold(conditions)

    assert [s for n, s in enumerate(every) if held >> n & 1 and s["b"] == 0] == [{"a": True, "b": 0, "c": None}]
    assert {s["a"] for n, s in enumerate(every) if may >> n & 1} == {None, True}
    assert {s["c"] for n, s in enumerate(every) if may >> n & 1} == {None}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(QUESTIONS), st.randoms(use_true_random=False))
def test_the_proof_and_the_engine_answer_each_situation_alike(question: object, chance: object) -> None:
    rules = tuple(rule for rule in baseline().rules if rule.outcome == question.name)
    space = answer_space(baseline(), rules)
    sets = {rule.id: space.where_all(rule.when) for rule in rules}
    given_answers = answer_sets(question, rules, space, sets)

    place = chance.randrange(space.size)

    situation = space.situation(1 << place)
    fired = [rule for rule in rules if all(meets(c, situation[c.left]) for c in rule.when)]
    answers = {value for value, bits in given_answers.items() if bits >> place & 1}
    conditions = ConditionTable(baseline())
    assert answers == {answer_of(question, [ReadyRule(rule, conditions) for rule in fired], ())}
