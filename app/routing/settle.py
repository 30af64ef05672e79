"""One question against what is known: every answer it could have, and which unknowns decide it.

An unknown is tried every way it could turn out, as far as the rules can tell the ways apart. The
tries stop as soon as every answer that any rule gives has been seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.routing.conditions import Known, all_hold, holds, test, unknowns
from app.routing.grammar import FLAG, NUMBER
from app.routing.outcomes import Question
from app.routing.space import cut_points
from app.routing.types import Condition, FactType, Rule, Value


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question comes to: its possible answers in order, and the unknown names that decide.

    `ask_first` is what to find out now: the first unknown of each open rule. The others matter only
    once that one is known, and nobody is sent to find out what may turn out not to matter.
    """

    possible: tuple[str, ...]
    decided_by: tuple[str, ...]
    ask_first: tuple[str, ...]
    fired: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class _Live:
    """A rule that what is known has not settled, with the conditions still open."""

    rule: Rule
    open: tuple[Condition, ...]


def settle(
    question: Question, rules: tuple[Rule, ...], known: Known, facts: Mapping[str, FactType]
) -> Answer:
    """The answer to one question. `rules` are those of that question."""
    fired: list[Rule] = []
    live: list[_Live] = []
    for rule in rules:
        verdict = all_hold(rule.when, known)
        if verdict:
            fired.append(rule)
        elif verdict is None:
            live.append(_Live(rule, tuple(c for c in rule.when if holds(c, known) is None)))
    possible = _possible(question, fired, live, known, facts)
    if len(possible) == 1:
        return Answer(possible, (), (), tuple(fired))
    first = tuple(dict.fromkeys(each.open[0].left for each in live))
    return Answer(possible, _deciders(live, known), first, tuple(fired))


def conclude(question: Question, fired: Iterable[Rule]) -> str:
    """The answer that the rules which hold give: an exclusion beats every inclusion."""
    values = [rule.value for rule in fired]
    if any(rule.exclusion for rule in fired):
        return question.values[0]
    return max(values, key=question.values.index) if values else question.values[0]


def _deciders(live: Iterable[_Live], known: Known) -> tuple[str, ...]:
    names = (name for each in live for name in unknowns(each.open, known))
    return tuple(dict.fromkeys(names))


def _possible(
    question: Question,
    fired: list[Rule],
    live: list[_Live],
    known: Known,
    facts: Mapping[str, FactType],
) -> tuple[str, ...]:
    if not live:
        return (conclude(question, fired),)
    found: set[str] = set()
    reachable = {question.values[0]} | {each.rule.value for each in live} | {rule.value for rule in fired}
    # Exclusions first: once they are out of the way an inclusion that holds ends the search.
    ordered = sorted(live, key=lambda each: not each.rule.exclusion)
    _try_every_way(question, fired, ordered, found, reachable, _ways(ordered, known, facts))
    return tuple(value for value in question.values if value in found)


def _ways(live: Iterable[_Live], known: Known, facts: Mapping[str, FactType]) -> dict[str, tuple[Value, ...]]:
    """For each open name, one value for each way the open conditions can tell its values apart."""
    read: dict[str, list[Condition]] = {}
    for each in live:
        for condition in each.open:
            read.setdefault(condition.left, []).append(condition)
    return {name: _values(name, conditions, known, facts) for name, conditions in read.items()}


def _values(
    name: str, conditions: list[Condition], known: Known, facts: Mapping[str, FactType]
) -> tuple[Value, ...]:
    if name in known.open:
        return known.open[name]
    fact = facts[name]
    if fact.kind == FLAG:
        return (True, False)
    return cut_points(conditions, fact.low, fact.high) if fact.kind == NUMBER else fact.values


def _try_every_way(
    question: Question,
    fired: list[Rule],
    live: list[_Live],
    found: set[str],
    reachable: set[str],
    ways: Mapping[str, tuple[Value, ...]],
) -> None:
    if not live or _is_over(fired, live):
        found.add(conclude(question, fired))
        return
    name = live[0].open[0].left
    for value in ways[name]:
        holding, rest = _given(live, name, value)
        _try_every_way(question, fired + holding, rest, found, reachable, ways)
        if found == reachable:
            return


def _is_over(fired: list[Rule], live: list[_Live]) -> bool:
    """Whether the rules that hold already give the answer, whatever the open ones do."""
    if any(rule.exclusion for rule in fired):
        return True
    return bool(fired) and all(not each.rule.exclusion and each.rule.value == fired[0].value for each in live)


def _given(live: list[_Live], name: str, value: Value) -> tuple[list[Rule], list[_Live]]:
    """The rules that hold, and those still open, once the name has the value."""
    holding: list[Rule] = []
    rest: list[_Live] = []
    for each in live:
        verdicts = [test(c, value) for c in each.open if c.left == name]
        if not all(verdicts):
            continue
        remaining = tuple(c for c in each.open if c.left != name)
        if remaining:
            rest.append(_Live(each.rule, remaining))
        else:
            holding.append(each.rule)
    return holding, rest
