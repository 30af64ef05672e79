"""Parses the two texts of the policy language: a condition `name operator value`, and a due rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.policy.conditions import OPERATORS, ORDERED, UNKNOWN
from app.routing.policy.types import Condition, DueRule, DueUnit, Parameter, Value

NUMBER, FLAG, CHOICE = "number", "flag", "choice"
_CONDITION = re.compile(r"^(\w+)\s+(==|!=|>=|<=|>|<|in|is)\s+(.+)$")
_FROM = re.compile(r"^(\w+) (hours|working days|days|weeks|months) (from|before) (\w+)$")
_TIED = re.compile(r"^(at|before) (\w+)$")
_UNITS = {
    "hours": DueUnit.HOURS,
    "working days": DueUnit.WORKING_DAYS,
    "days": DueUnit.DAYS,
    "weeks": DueUnit.WEEKS,
    "months": DueUnit.MONTHS,
}
LONGEST = {"hours": 87_600, "working days": 2_600, "days": 3_650, "weeks": 520, "months": 120}
"""The longest time in each unit: ten years, within which every date can be counted."""

ANCHORS = frozenset(
    {
        "decision",
        "report",
        "next_hearing",
        "last_hearing",
        "discharge",
        "joint_visit",
        "last_level_review",
        "licence_end",
        "release",
        "dvds_application",
        "order_hearing",
        "next_school_day",
        "reporting",
        "closure",
    }
)
"""The events from which a time may run: from any other a duty would never be due."""


@dataclass(frozen=True, slots=True)
class NameType:
    """What values a name in a condition can have: its kind, and its range or its words."""

    kind: str
    low: int = 0
    high: int = 0
    values: tuple[str, ...] = ()
    may_be_unknown: bool = False


def parse_condition(text: str, names: Mapping[str, NameType], parameters: Mapping[str, Parameter]) -> Condition:
    """Returns the condition of the line.

    `names` are those that may be read here. Raises ValueError, which says what is wrong.
    """
    match = _CONDITION.match(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not `name operator value`; operators are {', '.join(OPERATORS)}")
    left, operator, rest = match.groups()
    if left not in names:
        raise ValueError(f"'{left}' in '{text}' is not a fact, setting or earlier answer that may be read here")
    name = names[left]
    if operator == UNKNOWN:
        return _unknown(left, rest, text, name)
    if operator in ORDERED and name.kind != NUMBER:
        raise ValueError(f"'{operator}' in '{text}' compares numbers, and {left} is a {name.kind}")
    words = rest.split()
    if operator != "in" and len(words) != 1:
        raise ValueError(f"'{text}' compares with more than one value; use `in`")
    parameter = parameters.get(words[0]) if words[0] not in name.values else None
    right = tuple(_value(word, text, left, name, parameters) for word in words)
    return Condition(left, operator, right, parameter.name if parameter else None)


def _unknown(left: str, rest: str, text: str, name: NameType) -> Condition:
    if rest != "unknown":
        raise ValueError(f"after `is` in '{text}' stands `unknown` and nothing else")
    if not name.may_be_unknown:
        raise ValueError(f"'{left}' in '{text}' is always known, or its silence is read as a value")
    return Condition(left, UNKNOWN, ("unknown",))


def _value(word: str, text: str, left: str, name: NameType, parameters: Mapping[str, Parameter]) -> Value:
    value = _literal(word, name)
    if value is None and word in parameters:
        value = parameters[word].value
    if value is None or not fits(value, name):
        raise ValueError(f"'{word}' in '{text}' is not a value {left} can have ({describe_type(name)})")
    return value


def _literal(word: str, name: NameType) -> Value | None:
    if name.kind == FLAG and word in {"true", "false"}:
        return word == "true"
    if name.kind == NUMBER and word.isdigit():
        return int(word)
    return word if word in name.values else None


def fits(value: Value, name: NameType) -> bool:
    """Returns whether the name can have the value."""
    if name.kind == FLAG:
        return isinstance(value, bool)
    if name.kind == NUMBER:
        return isinstance(value, int) and not isinstance(value, bool) and name.low <= value <= name.high
    return isinstance(value, str) and value in name.values


def describe_type(name: NameType) -> str:
    """Returns the values that the name can have, in words."""
    match name.kind:
        case "flag":
            return "true or false"
        case "number":
            return f"a whole number from {name.low} to {name.high}"
        case _:
            return "one of " + ", ".join(name.values)


def parse_due(text: str, parameters: Mapping[str, Parameter]) -> DueRule:
    """Returns the due rule of a text such as `2 working days from decision`.

    Raises ValueError, which says what is wrong.
    """
    if text in {"same day", "at once"}:
        return DueRule(DueUnit(text), 0, "decision")
    tied = _TIED.match(text)
    if tied:
        return DueRule(DueUnit(tied.group(1)), 0, _anchor(tied.group(2), text))
    match = _FROM.match(text)
    if match is None:
        raise ValueError(f"'{text}' is not a due rule such as `24 hours from decision`")
    amount, unit, direction, anchor = match.groups()
    number = _amount(amount, text, parameters)
    if not 0 <= number <= LONGEST[unit]:
        raise ValueError(f"'{text}' counts {number} {unit}; it may count 0 to {LONGEST[unit]:,}, which is ten years")
    return DueRule(_UNITS[unit], number if direction == "from" else -number, _anchor(anchor, text))


def _anchor(word: str, text: str) -> str:
    if word not in ANCHORS:
        raise ValueError(f"'{word}' in '{text}' is not an event that a time runs from: {', '.join(sorted(ANCHORS))}")
    return word


def _amount(word: str, text: str, parameters: Mapping[str, Parameter]) -> int:
    if word.isdigit():
        return int(word)
    parameter = parameters.get(word)
    if parameter is None or isinstance(parameter.value, (bool, str)):
        raise ValueError(f"'{word}' in '{text}' is neither a number nor a parameter that holds one")
    return parameter.value
