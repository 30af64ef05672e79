"""For every threshold there are examples at it, on its other side, and with the fact not known."""

from collections.abc import Iterator

from app.routing.policy.conditions import ORDERED
from app.routing.policy.conditions import is_met as meets
from app.routing.policy.types import Condition, Fact, Policy
from tests.routing.mutation.suites import suites


def thresholds(policy: Policy) -> Iterator[Condition]:
    """Every condition that compares a fact of the policy with a parameter by more or less."""
    groups = [each.when for each in (*policy.rules, *policy.supports, *policy.warnings)]
    groups += [tuple(duty.conditions) for duty in policy.duties]
    conditions = (condition for group in groups for condition in group)
    return (each for each in conditions if each.operator in ORDERED and each.left in policy.facts)


def to_be_tried(condition: Condition, policy: Policy) -> set[Fact]:
    """The last number on each side of the parameter, and not known where the fact can be that."""
    (parameter,) = condition.right
    sides = {parameter - 1, parameter, parameter + 1}
    just_met = [value for value in sides if meets(condition, value)]
    just_missed = [value for value in sides if not meets(condition, value)]
    near = {
        min(just_met, key=lambda v: abs(v - just_missed[0])),
        min(just_missed, key=lambda v: abs(v - just_met[0])),
    }
    return near if policy.facts[condition.left].recorded else {*near, None}


def test_every_threshold_is_tried_at_it_beside_it_and_not_known_by_some_example_of_a_policy() -> None:
    wanted: dict[tuple[str, str, Fact], set[Fact]] = {}
    tried: dict[tuple[str, str, Fact], set[Fact]] = {}
    for suite in suites():
        for condition in thresholds(suite.policy):
            key = (condition.left, condition.operator, condition.right[0])
            wanted.setdefault(key, set()).update(to_be_tried(condition, suite.policy))
            tried.setdefault(key, set()).update(example.given[condition.left] for example in suite.examples)

    missing = {key: values - tried[key] for key, values in wanted.items() if values - tried[key]}

    assert missing == {}
    assert len(wanted) >= 10
