"""Holds what is known, and which conditions of the policy hold, fail or are open by it.

Every distinct condition of a policy has one bit, and a set of conditions is one whole number: "all of them
hold" is one `&`. Which conditions each value meets is worked out when the policy is prepared; a decision looks
it up and compares nothing twice.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import chain
from operator import and_, or_

from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.conditions import UNKNOWN, is_met
from app.routing.policy.grammar import FLAG, NUMBER
from app.routing.policy.outcomes import QUESTIONS
from app.routing.policy.situation_space import cut_points
from app.routing.policy.types import Condition, Fact, FactType, Policy, Silence, Value
from app.vocabulary import Forum

DECIDED: Mapping[str, tuple[str, ...]] = {
    **{question.name: question.answers for question in QUESTIONS},
    **VICTIM_COLUMNS,
    **PERPETRATOR_COLUMNS,
    "victim_lead": tuple(Forum),
    "perpetrator_lead": tuple(Forum),
}
"""Every name that the engine decides, with the values that it can have."""


class ByNumberRange(dict[Fact, int]):
    """What each number of a fact meets, stored once for each range in which all numbers meet the same."""

    def __init__(self, by_lowest: Mapping[Fact, int], lowest: tuple[int, ...], high: int) -> None:
        super().__init__(by_lowest)
        self._lowest = lowest
        self._high = high

    def __missing__(self, number: int) -> int:
        """Returns the same as for the lowest number of its range. Raises KeyError outside the limits of the fact."""
        if not self._lowest[0] <= number <= self._high:
            raise KeyError(number)
        return self[self._lowest[bisect_right(self._lowest, number) - 1]]


class ConditionTable:
    """The distinct conditions of a policy by place, and what each value of a name does to them.

    `reads[name]` are the conditions that read the name. `unmet[name][value]` is every condition but
    those that hold once the name has the value, so that "and" over all names leaves what does not hold.
    """

    def __init__(self, policy: Policy) -> None:
        keys = dict.fromkeys(_key(condition) for condition in _conditions(policy))
        self._place = {key: 1 << place for place, key in enumerate(keys)}
        self.every = (1 << len(keys)) - 1
        self._by_name: dict[str, list[Condition]] = {}
        for left, operator, right in keys:
            self._by_name.setdefault(left, []).append(Condition(left, operator, right))
        self.reads = {
            name: self.needs(c for c in read if c.operator != UNKNOWN) for name, read in self._by_name.items()
        }
        self.unmet: dict[str, dict[Fact, int]] = {n: self._by_fact(f) for n, f in policy.facts.items()}
        for name in self.reads.keys() & DECIDED.keys():
            self.unmet[name] = {value: self._unmet(name, value) for value in DECIDED[name]}
        settings = policy.parameters.keys() & self.reads.keys()
        self.at_rest = reduce(and_, (self._unmet(name, policy.parameters[name].value) for name in settings), self.every)
        """What does not hold while nothing is known but the settings."""

    def needs(self, conditions: Iterable[Condition]) -> int:
        """Returns the set of those conditions."""
        return reduce(or_, (self._place[_key(condition)] for condition in conditions), 0)

    def _by_fact(self, fact: FactType) -> dict[Fact, int]:
        unsaid: dict[Fact, int] = {} if fact.recorded else {None: self._unmet_by_silence(fact)}
        if fact.kind == NUMBER:
            lowest = cut_points(self._by_name.get(fact.name, ()), fact.low, fact.high)
            by_range = ByNumberRange({low: self._unmet(fact.name, low) for low in lowest}, lowest, fact.high)
            by_range.update(unsaid)
            return by_range
        values: tuple[Value, ...] = (False, True) if fact.kind == FLAG else fact.values
        return {**unsaid, **{value: self._unmet(fact.name, value) for value in values}}

    def _unmet_by_silence(self, fact: FactType) -> int:
        """Returns what does not hold while nobody has stated the fact.

        As its silence is read, and `is unknown` holds.
        """
        by_value = self.every if fact.unsaid is None else self._unmet(fact.name, fact.unsaid)
        if fact.silence is not Silence.ASK:
            return by_value
        return by_value & ~self.needs(c for c in self._by_name.get(fact.name, ()) if c.operator == UNKNOWN)

    def _unmet(self, name: str, value: Value) -> int:
        return self.every & ~self.needs(c for c in self._by_name.get(name, ()) if is_met(c, value))


class KnownFacts(dict[str, Fact]):
    """Facts, settings and answers so far, by name.

    `lacking` are the conditions that do not hold. `undecided` are those among them that what is not known
    could still turn; the rest have failed. Each name is settled once.
    """

    def __init__(self, conditions: ConditionTable, lacking: int, *values: Mapping[str, Fact]) -> None:
        super().__init__()
        for each in values:
            self.update(each)
        self.lacking = lacking
        self.undecided = 0
        self._conditions = conditions

    def leave_open(self, names: Iterable[str]) -> None:
        """Marks every condition on facts that are not known as undecided."""
        for name in names:
            self.undecided |= self._conditions.reads.get(name, 0)

    def stop_asking(self) -> None:
        """Reads every condition on a fact that is not known as failed: nobody is going to look it up."""
        self.undecided = 0

    def settle(self, name: str, value: str) -> None:
        """Records an answer."""
        self[name] = value
        if name in self._conditions.reads:
            self.lacking &= self._conditions.unmet[name][value]

    def holds(self, needs: int) -> bool | None:
        """Returns whether every condition of the set holds: one that failed settles it. None: not known."""
        missing = self.lacking & needs
        if not missing:
            return True
        return None if missing & self.undecided == missing else False


def _key(condition: Condition) -> tuple[str, str, tuple[Value, ...]]:
    return condition.left, condition.operator, condition.right


def _conditions(policy: Policy) -> Iterator[Condition]:
    """Returns every condition but those of the lead tables, which have columns of their own."""
    together = [rule.when for rule in policy.rules]
    together += [each.when for each in policy.supports] + [each.when for each in policy.warnings]
    return chain(chain.from_iterable(together), *(duty.conditions for duty in policy.duties))
