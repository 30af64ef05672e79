"""The situations that the rules of one question tell apart, and the answer that they give in each."""

from collections.abc import Iterable

from app.routing.policy.grammar import FLAG, NUMBER
from app.routing.policy.outcomes import QUESTIONS_BY_NAME, Question
from app.routing.policy.parameters import setting_values
from app.routing.policy.situation_space import Space, cut_points
from app.routing.policy.types import Condition, Fact, FactType, Policy, Rule


def answer_space(policy: Policy, rules: tuple[Rule, ...]) -> Space:
    """Returns the situations that the rules distinguish, with every value that a board may give a parameter."""
    read: dict[str, list[Condition]] = {}
    for rule in rules:
        for condition in rule.when:
            read.setdefault(condition.left, []).append(condition)
    return Space({name: axis(policy, name, conditions) for name, conditions in sorted(read.items())})


def axis(policy: Policy, name: str, conditions: Iterable[Condition]) -> tuple[Fact, ...]:
    """Returns the values that stand for all values of a fact, a parameter or an earlier answer."""
    if name in policy.facts:
        return fact_values(policy.facts[name], conditions)
    if name in policy.parameters:
        return setting_values(policy.parameters[name])
    return QUESTIONS_BY_NAME[name].answers


def fact_values(fact: FactType, conditions: Iterable[Condition]) -> tuple[Fact, ...]:
    """Returns the values that stand for all values of the fact, None for not known among them.

    There is one for each set of values that meets the same conditions.
    """
    unknown: tuple[Fact, ...] = (None,) if fact.may_be_unknown else ()
    if fact.kind == FLAG:
        return (*unknown, False, True)
    return (*unknown, *(cut_points(conditions, fact.low, fact.high) if fact.kind == NUMBER else fact.values))


def answer_sets(question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]) -> dict[str, int]:
    """Returns for each answer the situations in which the rules give it."""
    excluded = union(sets[rule.id] for rule in rules if rule.exclusion)
    given = {
        value: union(sets[rule.id] for rule in rules if rule.value == value and not rule.exclusion) & ~excluded
        for value in question.values
    }
    # Where no rule holds, or an exclusion does, the first answer stands.
    given[question.values[0]] |= space.full & ~union(given.values())
    return given


def union(sets: Iterable[int]) -> int:
    """Returns the situations that are in any of the sets."""
    bits = 0
    for each in sets:
        bits |= each
    return bits
