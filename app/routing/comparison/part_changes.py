"""Lists what two policies write differently: parameters, and parts that are added, dropped or changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import singledispatch

from app.routing.policy.labels import due_name
from app.routing.policy.sentences import value_in_words
from app.routing.policy.types import Condition, DueRule, FindOut, Parameter, Policy

IN_RULES = "rules"
BEFORE_RULES = "sentences, due rules, or the counting before the rules"
_LISTS = ("rules", "victim_rows", "perpetrator_rows", "supports", "duties", "warnings")
_TABLES = ("facts", "outcomes", "sources")


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter that differs. `read_by`: rules compare with it, or only sentences, due rules and counts use it."""

    name: str
    label: str
    was: str
    now: str
    read_by: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a part, before and after, in words."""

    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that is added, dropped or changed, and the fields that changed."""

    section: str
    id: str
    what: str
    fields: tuple[FieldChange, ...] = ()


def parameter_changes(old: Policy, new: Policy) -> Iterator[ParameterChange]:
    """Yields every parameter whose value, limits or confidence differs."""
    in_rules = names_read(old) | names_read(new)
    for name in dict.fromkeys((*old.parameters, *new.parameters)):
        was, now = old.parameters.get(name), new.parameters.get(name)
        shown = now or was
        if was != now and shown is not None:
            read_by = IN_RULES if name in in_rules else BEFORE_RULES
            yield ParameterChange(name, shown.label, parameter_in_words(was), parameter_in_words(now), read_by)


def parameter_in_words(parameter: Parameter | None) -> str:
    """Returns the parameter with its unit, limits, confidence tag and source."""
    if parameter is None:
        return "not there"
    limits = f", from {parameter.low} to {parameter.high}" if parameter.high else ""
    value = f"{value_in_words(parameter.value)} {parameter.unit}".strip()
    return f"{value}{limits} [{parameter.tag}, {parameter.source}]"


def names_read(policy: Policy) -> frozenset[str]:
    """Returns every name that a condition reads, and every parameter with which one compares."""
    parts = [part for name in _LISTS for part in getattr(policy, name)]
    found: set[str] = set()
    for part in parts:
        for condition in part.when if hasattr(part, "when") else part.conditions:
            found |= {condition.left, condition.param or condition.left}
    return frozenset(found)


def part_changes(old: Policy, new: Policy) -> Iterator[PartChange]:
    """Yields every part that one policy has alone, or that the two write differently."""
    for section in _LISTS:
        was, now = ({part.id: part for part in getattr(policy, section)} for policy in (old, new))
        yield from _changes(section, was, now)
    for section in _TABLES:
        yield from _changes(section, getattr(old, section), getattr(new, section))


def _changes(section: str, was: Mapping[str, object], now: Mapping[str, object]) -> Iterator[PartChange]:
    for key in dict.fromkeys((*was, *now)):
        if key not in now:
            yield PartChange(section, key, "dropped")
        elif key not in was:
            yield PartChange(section, key, "added")
        elif changed := tuple(_differing(was[key], now[key])):
            yield PartChange(section, key, "changed", changed)


def _differing(was: object, now: object) -> Iterator[FieldChange]:
    for each in fields(was):  # type: ignore[arg-type]
        before, after = getattr(was, each.name), getattr(now, each.name)
        if before != after:
            yield FieldChange(each.name, field_in_words(before), field_in_words(after))


@singledispatch
def field_in_words(value: object) -> str:
    """Returns the value of a field in words."""
    return str(value)


@field_in_words.register(type(None))
@field_in_words.register(bool)
def _(value: bool | None) -> str:
    return "nothing" if value is None else value_in_words(value)


@field_in_words.register
def _(value: Condition) -> str:
    right = " ".join(value_in_words(each) for each in value.right)
    return f"{value.left} {value.operator} {right}" + (f" ({value.param})" if value.param else "")


@field_in_words.register
def _(value: DueRule) -> str:
    return due_name(value)


@field_in_words.register
def _(value: FindOut) -> str:
    return f"{value.owner}, {due_name(value.due)}"


@field_in_words.register(tuple)
def _(value: Iterable[object]) -> str:
    return "; ".join(field_in_words(each) or "always" for each in value) or "nothing"
