"""Reads the facts of one case against a prepared policy: checks, looks up and serialises them in one pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, contains, getitem
from types import MappingProxyType, NoneType

from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.policy.fact_validation import checked_facts
from app.routing.policy.grammar import CHOICE, FLAG, NUMBER
from app.routing.policy.types import Fact, Facts, FactType, Policy, Silence
from app.routing.record.codec import canonical_json, canonical_json_of_value, sha256

_KINDS: Mapping[str, type] = {FLAG: bool, NUMBER: int, CHOICE: str}


@dataclass(frozen=True, slots=True)
class CheckedFacts:
    """Facts that were checked, what is known by them, and their canonical JSON with its fingerprint.

    `unknown` are the facts to be looked up that nobody has stated, those with a value meanwhile among them.
    """

    facts: Mapping[str, Fact]
    unknown: tuple[str, ...]
    known: KnownFacts
    json: str
    sha256: str


class FactSheet:
    """The conditions that each value of each fact of one policy meets, and its JSON, both worked out beforehand."""

    def __init__(self, policy: Policy, conditions: ConditionTable) -> None:
        self._types, self._conditions = policy.facts, conditions
        self._settings = {name: parameter.value for name, parameter in policy.parameters.items()}
        self._names = tuple(sorted(policy.facts))
        self._asked = tuple(name for name, fact in policy.facts.items() if fact.silence is Silence.ASK)
        in_order = [policy.facts[name] for name in self._names]
        self._unsaid = {name: fact.unsaid for name, fact in policy.facts.items() if fact.unsaid is not None}
        self._kinds = tuple(_kinds_of(fact) for fact in in_order)
        self._unmet = tuple(conditions.unmet[name] for name in self._names)
        self._members = tuple(_JsonMembers(fact) for fact in in_order)

    def read(self, facts: Facts) -> CheckedFacts:
        """Returns the facts as they are known.

        Raises FactErrors when one is missing, unknown to the policy or wrong.
        """
        try:
            return self._given(facts)
        except KeyError:  # A wrong fact, or the word of an enum: check each fact and name the faults.
            return self._given(checked_facts(facts, self._types))

    def as_read(self, facts: Facts) -> dict[str, Fact]:
        """Returns the settings and the facts, each unknown one as its silence is read."""
        return {**self._settings, **self._silence_read({name: facts[name] for name in self._types})}

    def _silence_read(self, plain: Facts) -> dict[str, Fact]:
        return {name: self._unsaid.get(name) if value is None else value for name, value in plain.items()}

    def _given(self, facts: Facts) -> CheckedFacts:
        values = tuple(map(facts.__getitem__, self._names))
        # By exact type: a bool is an int to Python, and a yes must not pass for the number one.
        if len(facts) != len(values) or not all(map(contains, self._kinds, map(type, values))):
            raise KeyError
        lacking = reduce(and_, map(getitem, self._unmet, values), self._conditions.at_rest)
        plain = {name: facts[name] for name in self._types}
        read = self._silence_read(plain)
        known = KnownFacts(self._conditions, lacking, self._settings, read)
        unknown = tuple(name for name in self._asked if plain[name] is None)
        known.leave_open(name for name in unknown if read[name] is None)
        text = f"{{{','.join(map(getitem, self._members, values))}}}"
        return CheckedFacts(MappingProxyType(plain), unknown, known, text, sha256(text))


def _kinds_of(fact: FactType) -> frozenset[type]:
    return frozenset({_KINDS[fact.kind]} if fact.recorded else {_KINDS[fact.kind], NoneType})


class _JsonMembers(dict[Fact, str]):
    """The JSON member that each value of a fact makes; that of a number is made when it is needed."""

    def __init__(self, fact: FactType) -> None:
        self._name = canonical_json(fact.name)
        values: tuple[Fact, ...] = (None, False, True) if fact.kind == FLAG else (None, *fact.values)
        super().__init__({value: f"{self._name}:{canonical_json_of_value(value)}" for value in values})

    def __missing__(self, number: Fact) -> str:
        return f"{self._name}:{number}"
