"""Proves that a local policy reaches no victim whom contact could harm, and keeps the notes for whoever reaches one.

Where it is stated that the victim does not know, or that no way is safe, what reaches the victim waits for an
agreement (D06.agree, which `protection_proof` keeps). A duty that waits in the base waits in every local form of it,
and one whose owner reads what to know before contact stays marked so. Source: honour-based abuse guidance.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from app.routing.policy.conditions import is_met
from app.routing.policy.faults import PolicyFault
from app.routing.policy.situation_space import Space
from app.routing.policy.types import Condition, DutyTemplate, Fact, Policy
from app.routing.proof.counterexamples import as_example
from app.routing.proof.protection_proof import axis_of

HELD: Final = "contact_held"
"""The fact that holds contact: the victim does not know, or no way of contact is safe."""

_Way: TypeAlias = tuple[Condition, ...]


def prove_contact(policy: Policy, base: Policy) -> tuple[str, int, tuple[PolicyFault, ...]]:
    """Returns what is examined, of how many ways in which a duty arises, and the faults."""
    before = {duty.id: duty for duty in base.duties}
    pairs = [(before[duty.id], duty) for duty in policy.duties if duty.id in before]
    faults = tuple(fault for was, now in pairs for fault in (*_unread(policy, was, now), *_at_once(policy, was, now)))
    return "contact with the victim", sum(len(now.when_any) for _, now in pairs), faults


def waits(duty: DutyTemplate) -> bool:
    """Returns whether the duty waits, in every way in which it arises, while contact is held."""
    return not any(_arises_while_held(way) for way in duty.when_any)


def _unread(policy: Policy, was: DutyTemplate, now: DutyTemplate) -> Iterator[PolicyFault]:
    if was.reaches_victim and not now.reaches_victim:
        message = f"{now.id} reaches the victim: it stays marked `reaches_victim`, so that its owner reads what to know"
        yield PolicyFault(now.id, message, as_example(f"{now.id} is owed", _situation(policy, now.when_any[0])))


def _at_once(policy: Policy, was: DutyTemplate, now: DutyTemplate) -> Iterator[PolicyFault]:
    for way in now.when_any if waits(was) else ():
        if _arises_while_held(way):
            message = f"{now.id} waits while contact could harm: no local policy may owe it where `{HELD} == true`"
            yield PolicyFault(
                now.id, message, as_example(f"{now.id} waits", {**_situation(policy, _without_hold(way)), HELD: True})
            )


def _arises_while_held(way: _Way) -> bool:
    return all(is_met(condition, True) for condition in way if condition.left == HELD)


def _situation(policy: Policy, way: Iterable[Condition]) -> dict[str, Fact]:
    """Returns the first situation in which all of these conditions hold; none of them where they never do."""
    read = list(way)
    space = Space({name: axis_of(policy, name, _of(name, read)) for name in dict.fromkeys(one.left for one in read)})
    met = space.where_all(read)
    return space.situation(met) if met else {}


def _of(name: str, conditions: Iterable[Condition]) -> list[Condition]:
    return [condition for condition in conditions if condition.left == name]


def _without_hold(way: _Way) -> list[Condition]:
    return [condition for condition in way if condition.left != HELD]
