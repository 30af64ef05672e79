"""Checks facts before a decision: every fact is stated, and every value is one that the fact can have."""

from collections.abc import Iterator, Mapping

from app.routing.policy.faults import FactErrors
from app.routing.policy.grammar import NameType, describe_type, fits
from app.routing.policy.types import Fact, Facts, FactType


def checked_facts(facts: Facts, types: Mapping[str, FactType]) -> dict[str, Fact]:
    """Returns the facts in the policy's order.

    Raises FactErrors with every fault; "not known" must be stated as None.
    """
    wrong = [*_absent(facts, types), *_unheard_of(facts, types), *_misfits(facts, types)]
    if wrong:
        raise FactErrors(wrong)
    return {name: _plain(facts[name]) for name in types}


def _absent(facts: Facts, types: Mapping[str, FactType]) -> Iterator[str]:
    for name in types.keys() - facts.keys():
        yield f"'{name}' is absent: state it, or state that it is not known"


def _unheard_of(facts: Facts, types: Mapping[str, FactType]) -> Iterator[str]:
    for name in facts.keys() - types.keys():
        yield f"'{name}' is not a fact of this policy"


def _misfits(facts: Facts, types: Mapping[str, FactType]) -> Iterator[str]:
    for name, value in facts.items():
        if name not in types:
            continue
        kind = types[name]
        if value is None:
            if kind.recorded:
                yield f"'{name}' is a record of our own and cannot be unknown"
            continue
        allowed = NameType(kind.kind, kind.low, kind.high, kind.values)
        if not fits(value, allowed):
            yield f"'{name}' is {value!r}; it must be {describe_type(allowed)}"


def _plain(value: Fact) -> Fact:
    """Returns a word as plain text, so that stored facts do not depend on an enum of this code."""
    return str(value) if isinstance(value, str) else value
