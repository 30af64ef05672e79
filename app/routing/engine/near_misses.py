"""Finds near misses: rules for MARAC and MATAC that fail by one condition on a known fact."""

from collections.abc import Callable, Iterator, Mapping

from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.policy.conditions import Comparison, comparison_of, is_met
from app.routing.policy.grammar import FLAG
from app.routing.policy.sentences import value_in_words
from app.routing.policy.types import Condition, Fact, Facts, FactType, Policy, Rule, Silence, Value
from app.routing.record.codec import canonical_json, canonical_json_of_value
from app.routing.record.decision import NearMiss
from app.routing.record.serialisation import PLACEHOLDER, PartTemplate, SerialisedPart

_SHOWN = ("marac", "matac")
_NEEDS: Mapping[str, str] = {
    "==": "",
    "!=": "anything but ",
    ">=": "at least ",
    "<=": "at most ",
    ">": "more than ",
    "<": "less than ",
    "in": "one of ",
    "is": "",
}


class NearMisses:
    """The rules for MARAC and MATAC, each prepared for every condition on a fact that can fail alone."""

    def __init__(self, policy: Policy, conditions: ConditionTable) -> None:
        self._rules = tuple(
            (
                rule.outcome,
                conditions.needs(rule.when),
                {conditions.needs((c,)): _Short(policy, rule, c) for c in rule.when if _is_missed(policy, c)},
            )
            for rule in policy.rules
            if rule.outcome in _SHOWN and not rule.exclusion
        )
        self._exclusions = tuple((rule.outcome, conditions.needs(rule.when)) for rule in policy.rules if rule.exclusion)
        self._by_id = {short.id: short for _, _, by_condition in self._rules for short in by_condition.values()}

    def on(self, known: KnownFacts, stated: Facts) -> Iterator[SerialisedPart[NearMiss]]:
        """Yields one for each rule of which one condition fails and every other holds.

        None on a fact that nobody has `stated`: that it is not so is then how silence is read, and not a near miss.
        None where an exclusion holds either: more of the fact would change nothing.
        """
        lacking, undecided = known.lacking, known.undecided
        excluded = {outcome for outcome, needs in self._exclusions if not lacking & needs}
        for outcome, needs, by_condition in self._rules:
            if outcome in excluded:
                continue
            missing = lacking & needs
            short = by_condition.get(missing)
            if short is not None and not missing & undecided and stated[short.name] is not None:
                yield short.of(known)

    def by_id(self, name: str, known: Mapping[str, Fact]) -> NearMiss:
        """Returns the near miss of that rule and condition. Raises KeyError when the policy has none."""
        return self._by_id[name].of(known).part


def _is_missed(policy: Policy, condition: Condition) -> bool:
    """Returns whether the condition is on a fact of the case, and not on a record that only this service writes."""
    fact = policy.facts.get(condition.left)
    return fact is not None and not (fact.kind == FLAG and fact.silence is Silence.OURS)


class _Short:
    """One rule that fails by one condition on a fact; prepared for every value that is not a number."""

    def __init__(self, policy: Policy, rule: Rule, condition: Condition) -> None:
        fact = policy.facts[condition.left]
        self.name, self.id = fact.name, f"{rule.id} {fact.name} {condition.operator}"
        self._written = _writer(policy, rule, condition, fact.label)
        self._ready: dict[Fact, SerialisedPart[NearMiss]] = {
            value: self._written(value) for value in _failing(fact, condition)
        }

    def of(self, known: Mapping[str, Fact]) -> SerialisedPart[NearMiss]:
        value = known[self.name]
        return self._ready.get(value) or self._written(value)


def _failing(fact: FactType, condition: Condition) -> Iterator[Value]:
    values: tuple[Value, ...] = (False, True) if fact.kind == FLAG else fact.values
    return (value for value in values if not is_met(condition, value))


def _writer(policy: Policy, rule: Rule, condition: Condition, label: str) -> Callable[[Fact], SerialisedPart[NearMiss]]:
    source = policy.sources[rule.source]
    template = PartTemplate(NearMiss(rule.id, rule.outcome, comparison_of(condition, PLACEHOLDER), PLACEHOLDER, source))

    def written(value: Fact) -> SerialisedPart[NearMiss]:
        comparison = comparison_of(condition, value)
        words = needed(label, comparison)
        near = NearMiss(rule.id, rule.outcome, comparison, words, source)
        return SerialisedPart(near, template.filled(canonical_json_of_value(value), canonical_json(words)), source.id)

    return written


def needed(label: str, comparison: Comparison) -> str:
    """Returns the comparison in words: "DASH ticks: 9, needs at least 14"."""
    threshold = " ".join(value_in_words(value) for value in comparison.threshold)
    return f"{label}: {value_in_words(comparison.value)}, needs {_NEEDS[comparison.operator]}{threshold}"
