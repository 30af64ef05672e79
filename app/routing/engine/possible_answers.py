"""Finds every possible answer of one question, and the unknown facts that decide between them.

An unknown fact is tried with every value that the rules distinguish. The search stops when every answer that
any rule gives is found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.policy.conditions import is_met
from app.routing.policy.grammar import FLAG, NUMBER
from app.routing.policy.outcomes import Question
from app.routing.policy.situation_space import cut_points
from app.routing.policy.types import Condition, FactType, Rule, Value


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that neither holds nor fails yet, with the conditions still open."""

    rule: Rule
    open: tuple[Condition, ...]


class ReadyRule:
    """A rule with the set of its conditions."""

    __slots__ = ("_places", "needs", "rule")

    def __init__(self, rule: Rule, conditions: ConditionTable) -> None:
        self.rule = rule
        self.needs = conditions.needs(rule.when)
        self._places = tuple((condition, conditions.needs((condition,))) for condition in rule.when)

    def live(self, undecided: int) -> OpenRule:
        """Returns the rule with those of its conditions that are undecided."""
        return OpenRule(self.rule, tuple(condition for condition, place in self._places if place & undecided))


@dataclass(frozen=True, slots=True)
class PossibleAnswers:
    """The possible answers of an open question in order, and the unknown names that decide between them.

    `ask_first` is what to find out now: the first unknown of each open rule. The others matter only when that
    one is known, and nobody finds out what may not matter.
    """

    possible: tuple[str, ...]
    decided_by: tuple[str, ...] = ()
    ask_first: tuple[str, ...] = ()


def settle(
    question: Question,
    fired: Sequence[Rule],
    live: Sequence[OpenRule],
    known: KnownFacts,
    facts: Mapping[str, FactType],
) -> PossibleAnswers:
    """Returns the possible answers of one question: the rules `fired` hold, the rules `live` are open."""
    possible = _possible(question, [*fired], [*live], known, facts)
    if len(possible) == 1:
        return PossibleAnswers(possible)
    decided_by = dict.fromkeys(condition.left for each in live for condition in each.open)
    return PossibleAnswers(possible, tuple(decided_by), tuple(dict.fromkeys(each.open[0].left for each in live)))


def conclude(question: Question, fired: Iterable[Rule]) -> str:
    """Returns the answer that the rules which hold give: an exclusion overrides every other rule."""
    answer = question.values[0]
    for rule in fired:
        # An exclusion outranks whatever else holds, so the order of the rules never decides.
        if rule.exclusion:
            return question.values[0]
        answer = max(answer, rule.value, key=question.values.index)
    return answer


def _possible(
    question: Question,
    fired: list[Rule],
    live: list[OpenRule],
    known: KnownFacts,
    facts: Mapping[str, FactType],
) -> tuple[str, ...]:
    if not live:
        return (conclude(question, fired),)
    found: set[str] = set()
    reachable = {question.values[0]} | {each.rule.value for each in live} | {rule.value for rule in fired}
    # Exclusions first: when none of them is open any more, a rule that holds ends the search.
    ordered = sorted(live, key=lambda each: not each.rule.exclusion)
    _try_every_way(question, fired, ordered, found, reachable, _ways(ordered, known, facts))
    return tuple(value for value in question.values if value in found)


def _ways(live: Iterable[OpenRule], known: KnownFacts, facts: Mapping[str, FactType]) -> dict[str, tuple[Value, ...]]:
    """For each open name, the values that the open conditions distinguish."""
    read: dict[str, list[Condition]] = {}
    for each in live:
        for condition in each.open:
            read.setdefault(condition.left, []).append(condition)
    return {name: _values(name, conditions, known, facts) for name, conditions in read.items()}


def _values(
    name: str, conditions: list[Condition], known: KnownFacts, facts: Mapping[str, FactType]
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
    live: list[OpenRule],
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


def _is_over(fired: list[Rule], live: list[OpenRule]) -> bool:
    """Returns whether the rules that hold already give the answer, whatever the open ones do."""
    if any(rule.exclusion for rule in fired):
        return True
    return bool(fired) and all(not each.rule.exclusion and each.rule.value == fired[0].value for each in live)


def _given(live: list[OpenRule], name: str, value: Value) -> tuple[list[Rule], list[OpenRule]]:
    """Returns the rules that hold, and those still open, once the name has the value."""
    holding: list[Rule] = []
    rest: list[OpenRule] = []
    for each in live:
        verdicts = [is_met(c, value) for c in each.open if c.left == name]
        if not all(verdicts):
            continue
        remaining = tuple(c for c in each.open if c.left != name)
        if remaining:
            rest.append(OpenRule(each.rule, remaining))
        else:
            holding.append(each.rule)
    return holding, rest
