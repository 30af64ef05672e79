"""Tests one condition against a value. There are eight operators."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.routing.policy.types import Condition, Fact, Value

UNKNOWN = "is"
"""The operator of `name is unknown`, which holds while nobody has stated the fact."""
_TESTS: Mapping[str, Callable[[Value, tuple[Value, ...]], bool]] = {
    "==": lambda value, right: value == right[0],
    "!=": lambda value, right: value != right[0],
    ">=": lambda value, right: _number(value) >= _number(right[0]),
    "<=": lambda value, right: _number(value) <= _number(right[0]),
    ">": lambda value, right: _number(value) > _number(right[0]),
    "<": lambda value, right: _number(value) < _number(right[0]),
    "in": lambda value, right: value in right,
}
OPERATORS = (*_TESTS, UNKNOWN)
ORDERED = (">=", "<=", ">", "<")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison that a decision made: the value of the fact against the threshold."""

    fact: str
    value: Fact
    operator: str
    threshold: tuple[Value, ...]
    param: str | None


def _number(value: Value) -> int:
    if isinstance(value, str):
        raise TypeError(f"{value!r} is not a number")
    return value


def is_met(condition: Condition, value: Fact) -> bool:
    """Returns whether the value meets the condition.

    A fact that is not known (None) meets `is unknown` and nothing else.
    """
    if value is None or condition.operator == UNKNOWN:
        return value is None and condition.operator == UNKNOWN
    return _TESTS[condition.operator](value, condition.right)


def comparison_of(condition: Condition, value: Fact) -> Comparison:
    """Returns the comparison of that value, for the record of a decision."""
    return Comparison(condition.left, value, condition.operator, condition.right, condition.param)
