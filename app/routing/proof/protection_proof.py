"""Proves that a local policy takes away nothing that protects: each such duty of its base stays, as wide and as soon.

Where the base owes it as a danger, the local policy does too.

What protects waits for no forum and ends by no silence, so no board may drop it, owe it in fewer situations or owe it
later. Nor may it drop the warning of a sign of danger, or say it in fewer situations. More situations, an earlier time,
another owner or other words are the board's to choose.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.faults import PolicyFault
from app.routing.policy.labels import KIND_NAMES, SUBJECT_NAMES
from app.routing.policy.outcomes import QUESTIONS_BY_NAME
from app.routing.policy.situation_space import Space
from app.routing.policy.types import Condition, DueRule, DueUnit, DutyTemplate, Fact, Policy, WarningTemplate
from app.routing.proof.counterexamples import as_example
from app.routing.proof.review_proof import NEEDS_REVIEW
from app.routing.proof.rule_spaces import axis, union
from app.vocabulary import Forum

DANGER = frozenset(name for name, _ in NEEDS_REVIEW if name not in QUESTIONS_BY_NAME)
"""The signs of danger: the facts for which the hub reviews a report."""

_Ways: TypeAlias = tuple[tuple[Condition, ...], ...]
_Examined: TypeAlias = tuple[int, list[PolicyFault]]
_DONE = {"owe": "owed", "say": "said"}
_COLUMNS = {**VICTIM_COLUMNS, **PERPETRATOR_COLUMNS}
_LEADS = {"victim_lead": tuple(Forum), "perpetrator_lead": tuple(Forum)}
_MOST_HOURS = {DueUnit.AT_ONCE: 0, DueUnit.HOURS: 1, DueUnit.SAME_DAY: 24}
_LEAST_HOURS = {DueUnit.HOURS: 1, DueUnit.DAYS: 24, DueUnit.WORKING_DAYS: 24, DueUnit.WEEKS: 168, DueUnit.MONTHS: 672}


def prove_protections(policy: Policy, base: Policy) -> tuple[str, int, tuple[PolicyFault, ...]]:
    """Returns what is examined, in how many situations, and the faults."""
    duties = (_duty(policy, duty) for duty in base.duties if duty.protects)
    dangers = (_danger(policy, duty) for duty in base.duties if duty.life_safety)
    examined = [
        *duties,
        *dangers,
        *(_warning(policy, warning) for warning in base.warnings if warns_of_danger(warning)),
    ]
    size = sum(situations for situations, _ in examined)
    return "what protects", size, tuple(fault for _, faults in examined for fault in faults)


def warns_of_danger(warning: WarningTemplate) -> bool:
    """Returns whether the warning reads a sign of danger: one of those for which the hub reviews a report."""
    return any(condition.left in DANGER for condition in warning.when)


def _duty(policy: Policy, was: DutyTemplate) -> _Examined:
    now = next((duty for duty in policy.duties if duty.id == was.id), None)
    wrong = (_missing(now, "owe"), *_weaker(was, now))
    return _kept(policy, was.id, was.when_any, now.when_any if now else (), wrong)


def _danger(policy: Policy, was: DutyTemplate) -> _Examined:
    """Returns the faults where a duty that is still marked is owed as a danger in fewer situations than before."""
    now = next((duty for duty in policy.duties if duty.id == was.id), None)
    if now is None or not now.life_safety or now.life_safety_when == was.life_safety_when:
        return 0, []
    wrong = "no local policy may mark it `life_safety` in fewer situations, and here it is not marked"
    return _kept(policy, was.id, was.danger_any, now.danger_any, (wrong,))


def _warning(policy: Policy, was: WarningTemplate) -> _Examined:
    now = next((warning for warning in policy.warnings if warning.id == was.id), None)
    return _kept(policy, was.id, (was.when,), (now.when,) if now else (), (_missing(now, "say"),))


def _kept(policy: Policy, name: str, was: _Ways, now: _Ways, wrong: tuple[str, ...]) -> _Examined:
    """Returns how many situations are examined, and the faults: the first where it is lost, the others wherever due."""
    owed = tuple(tuple(_as_set(policy, condition) for condition in group) for group in was)
    space = Space({left: axis_of(policy, left, read) for left, read in _read(owed, now).items()})
    before = union(space.where_all(group) for group in owed)
    # A way that rests on more than the base's does not count: what it rests on may not be there.
    still = union(space.where_all(group) for group in now if all(one.left in space.axes for one in group))
    return space.size, [
        PolicyFault(name, f"{name} protects: {message}", as_example(f"{name} is owed", space.situation(where)))
        for where, message in zip((before & ~still, *(before for _ in wrong[1:])), wrong, strict=True)
        if where
    ]


def _missing(now: object, verb: str) -> str:
    if now is None:
        return "no local policy may drop it"
    return f"no local policy may {verb} it in fewer situations, and here it is not {_DONE[verb]}"


def _weaker(was: DutyTemplate, now: DutyTemplate | None) -> Iterator[str]:
    """Yields in what the duty protects less, its situations apart."""
    if now is None or now == was:
        return
    if not no_later(now.due, was.due):
        yield "no local policy may owe it later"
    if was.life_safety and not now.life_safety:
        yield "it stays marked `life_safety`"
    if now.kind is not was.kind:
        yield f"it stays {KIND_NAMES[was.kind]}: write `kind` as in the baseline"
    if now.once_for is not was.once_for:
        yield f"it is owed once for {SUBJECT_NAMES[was.once_for]}, and not for anybody else"
    if now.about is not was.about or (now.about_both and not was.about_both):
        yield "it ends with the need that it is about, which no local policy may change"


def no_later(now: DueRule, was: DueRule) -> bool:
    """Returns whether the time ends no later than the other, in whatever hour and on whatever day it begins."""
    if now.counted_from != was.counted_from:
        return False
    if now.unit is was.unit:
        return now.amount <= was.amount
    most, least = _MOST_HOURS.get(now.unit), _LEAST_HOURS.get(was.unit, 0)
    return most is not None and most * max(now.amount, 1) <= least * was.amount


def _as_set(policy: Policy, condition: Condition) -> Condition:
    """Returns the condition of the base with the value that this policy gives to its parameter."""
    if condition.param is None or len(condition.right) > 1:
        return condition
    return replace(condition, right=(policy.parameters[condition.param].value,))


def _read(owed: Iterable[Iterable[Condition]], groups: Iterable[Iterable[Condition]]) -> dict[str, list[Condition]]:
    """Returns the names that the base's ways read, each with every condition on it, of both policies."""
    read: dict[str, list[Condition]] = {condition.left: [] for group in owed for condition in group}
    for condition in (condition for group in (*owed, *groups) for condition in group if condition.left in read):
        read[condition.left].append(condition)
    return read


def axis_of(policy: Policy, name: str, conditions: Iterable[Condition]) -> tuple[Fact, ...]:
    """Returns the values that stand for all values of whatever a duty may read."""
    fixed = _LEADS.get(name) or _COLUMNS.get(name)
    return fixed if fixed and name not in policy.facts else axis(policy, name, conditions)
