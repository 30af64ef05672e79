"""Puts the difference of two policies in words, for the board that approves one."""

from collections.abc import Iterator, Mapping

from app.routing.comparison.compare import AnswerChange, PolicyDiff
from app.routing.comparison.part_changes import PartChange
from app.routing.comparison.situation_sets import NumberRange, SituationSet
from app.routing.policy.sentences import value_in_words
from app.routing.policy.types import Fact, Policy

_SECTIONS = {
    "rules": "rule",
    "victim_rows": "row of the victim's lead",
    "perpetrator_rows": "row of the perpetrator's lead",
    "supports": "support",
    "duties": "duty",
    "warnings": "warning",
    "facts": "fact",
    "outcomes": "question",
    "sources": "source",
}
_COLUMNS = {
    "marac_path": "MARAC",
    "matac_path": "MATAC",
    "mappa_path": "MAPPA",
    "iom_path": "IOM",
    "dapp_path": "DAPP",
    "pdp_path": "the PDP panel",
    "custody_path": "the prison",
    "youth_path": "youth justice",
    "child_path": "children's social care",
    "victim_lead": "who is asked to lead on the victim's safety",
    "perpetrator_lead": "who is asked to lead on the perpetrator",
}


def condition_labels(*policies: Policy) -> dict[str, str]:
    """Returns the words for each name that a condition can read."""
    names = dict(_COLUMNS)
    for policy in policies:
        names |= {name: fact.label for name, fact in policy.facts.items()}
        names |= {name: parameter.label for name, parameter in policy.parameters.items()}
        names |= {name: outcome.label for name, outcome in policy.outcomes.items()}
    return names


def difference_lines(diff: PolicyDiff, names: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the difference as lines: parameters, then parts, then every situation that comes out differently."""
    return tuple(_lines(diff, names))


def _lines(diff: PolicyDiff, names: Mapping[str, str]) -> Iterator[str]:
    if diff.is_empty:
        yield "The two policies say the same."
        return
    for parameter in diff.parameters:
        yield (
            f"Parameter {parameter.name}, {parameter.label}: {parameter.was} -> {parameter.now}. "
            f"Read by {parameter.read_by}."
        )
    for part in diff.parts:
        yield from _part(part)
    if not diff.answer_changes:
        yield "No situation that the rules distinguish comes out differently."
    for change in diff.answer_changes:
        yield f"{answer_change_in_words(change)} in {change.situations:,} of {change.out_of:,} situations:"
        yield from (f"  - {set_in_words(one, names)}" for one in change.where)


def answer_change_in_words(change: AnswerChange) -> str:
    """Returns what the answer was and what it is now."""
    return f"{change.label}: {change.was} -> {change.now}"


def _part(part: PartChange) -> Iterator[str]:
    name = f"{_SECTIONS[part.section].capitalize()} {part.id}"
    if not part.fields:
        yield f"{name} is {part.what}."
    for field in part.fields:
        yield f"{name}, {field.name}: {field.was} -> {field.now}."


def set_in_words(one: SituationSet, names: Mapping[str, str]) -> str:
    """Returns the set in words; one without limits is "in every situation"."""
    words = [f"{names.get(name, name)}: {_any_of(values)}" for name, values in one.words.items()]
    words += [f"{names.get(name, name)}: {_ranges(ranges)}" for name, ranges in one.numbers.items()]
    return "; ".join(words) or "in every situation"


def _any_of(values: tuple[Fact, ...]) -> str:
    return " or ".join(value_in_words(value) for value in values)


def _ranges(ranges: tuple[NumberRange | None, ...]) -> str:
    return " or ".join(_range(each) for each in ranges)


def _range(range_: NumberRange | None) -> str:
    if range_ is None:
        return value_in_words(None)
    if range_.low == range_.high:
        return str(range_.low)
    return f"{range_.low} or more" if range_.high >= range_.top else f"{range_.low} to {range_.high}"
