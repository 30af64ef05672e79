"""Makes mutants: policies that are wrong on purpose, each in one place, which the examples must notice.

Numbers one up and one down, every operator reversed, every condition and part left out, every lead,
holder, owner and due rule exchanged. A mutant is a change to one part by its id, so that the same
mistake can be made in a local policy that shares the part.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from app.routing.policy.outcomes import QUESTIONS_BY_NAME
from app.routing.policy.types import Condition, DueRule, DueUnit, DutyKind, DutySubject, LeadRow, Policy, Rule
from app.vocabulary import Forum, NeedKind, Role

Part: TypeAlias = Any
Edit: TypeAlias = Callable[[Part], Part | None]
"""The part made wrong; None leaves it out."""

LISTS = ("rules", "victim_rows", "perpetrator_rows", "supports", "duties", "warnings")
_TURNED = {
    ">=": (">", "<"),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    "<": ("<=", ">="),
    "==": ("!=",),
    "!=": ("==",),
}
_CLOCKED = {DueUnit.SAME_DAY, DueUnit.AT_ONCE, DueUnit.AT, DueUnit.BEFORE}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: in which part, what it is, and whether the part is marked as deliberate cover."""

    section: str
    part: str
    mistake: str
    cover: bool
    edit: Edit

    def made_in(self, policy: Policy) -> Policy | None:
        """The policy with the mistake; None when it has no such part, or the mistake changes nothing in it."""
        parts: tuple[Part, ...] = getattr(policy, self.section)
        edited = [self.edit(part) if part.id == self.part else part for part in parts]
        wrong = tuple(part for part in edited if part is not None)
        changed: dict[str, Any] = {self.section: wrong}
        return None if wrong == parts else replace(policy, **changed)


def mutants(policy: Policy) -> Iterator[Mutant]:
    """Every mistake that can be made in one place of the policy, in the order of its parts."""
    for section in LISTS:
        for part in getattr(policy, section):
            for mistake, edit in _mistakes(section, part):
                yield Mutant(section, part.id, mistake, bool(getattr(part, "cover", False)), edit)


def _mistakes(section: str, part: Part) -> Iterator[tuple[str, Edit]]:
    yield "left out", lambda _: None
    yield from _wrong_conditions(part)
    if section == "rules":
        yield from _wrong_rule(part)
    elif section in {"victim_rows", "perpetrator_rows"}:
        yield from _wrong_row(part)
    elif section == "supports":
        yield _exchanged("role", _other(Role, part.role))
    elif section == "duties":
        yield from _wrong_duty(part)


def _exchanged(field: str, value: object) -> tuple[str, Edit]:
    return f"{field} is {value}", lambda part: replace(part, **{field: value})


def _other(words: Iterable[Any], but: object) -> object:
    """The first word that is not the one there."""
    return next(word for word in words if word != but)


def _wrong_rule(rule: Rule) -> Iterator[tuple[str, Edit]]:
    values = QUESTIONS_BY_NAME[rule.outcome].values
    for value in values:
        if value != rule.value and not rule.exclusion:
            yield _exchanged("value", value)
    if rule.value == values[0]:
        yield _exchanged("exclusion", not rule.exclusion)


def _wrong_row(row: LeadRow) -> Iterator[tuple[str, Edit]]:
    for forum in Forum:
        if forum is not row.lead:
            yield _exchanged("lead", forum)
        if forum is not row.holder:
            yield _exchanged("holder", forum)
    yield _exchanged("role", _other(Role, row.role))
    yield from _wrong_clock("accept_within", row.accept_within)


def _wrong_duty(duty: Part) -> Iterator[tuple[str, Edit]]:
    yield _exchanged("owner", _other(Role, duty.owner))
    if duty.support:
        yield _exchanged("support", ())
    if duty.recipient:
        yield _exchanged("recipient", "")
    yield _exchanged("life_safety", not duty.life_safety)
    yield _exchanged("screens", not duty.screens)
    yield _exchanged("kind", _other(DutyKind, duty.kind))
    yield _exchanged("once_for", _other(DutySubject, duty.once_for))
    yield _exchanged("reaches_victim", not duty.reaches_victim)
    if duty.about:
        yield _exchanged("about", _other(NeedKind, duty.about))
    yield from _wrong_clock("due", duty.due)
    for field in ("repeats_every", "again_within"):
        if (rule := getattr(duty, field)) is not None:
            yield _exchanged(field, None)
            yield from _wrong_clock(field, rule)
    for place in range(1, len(duty.when_any)):
        left = tuple(group for at, group in enumerate(duty.when_any) if at != place)
        yield f"`or_when` {place} left out", partial(replace, when_any=left)
    yield from _wrong_dangers(duty)


def _wrong_dangers(duty: Part) -> Iterator[tuple[str, Edit]]:
    """Each group under which the duty is a danger left out, and each of its conditions left out or reversed."""
    groups = duty.life_safety_when
    for at, group in enumerate(groups):
        yield f"`life_safety_when` {at} left out", partial(replace, life_safety_when=(*groups[:at], *groups[at + 1 :]))
        for place, condition in enumerate(group):
            for mistake, change in _wrong(condition):
                yield f"danger where {condition.left}: {mistake}", partial(_danger_changed, at, place, change)


def _danger_changed(at: int, place: int, change: Callable[[Condition], Condition | None], part: Part) -> Part:
    groups = list(part.life_safety_when)
    wrong = change(groups[at][place])
    groups[at] = (*groups[at][:place], *(() if wrong is None else (wrong,)), *groups[at][place + 1 :])
    return replace(part, life_safety_when=tuple(groups))


def _wrong_clock(field: str, rule: DueRule) -> Iterator[tuple[str, Edit]]:
    if rule.unit in _CLOCKED:
        yield _exchanged(field, replace(rule, unit=DueUnit.DAYS, amount=7))
        return
    for amount in (rule.amount - 1, rule.amount + 1):
        yield f"{field} is {amount} {rule.unit}", partial(_moved, field, amount - rule.amount)


def _moved(field: str, by: int, part: Part) -> Part:
    clock: DueRule = getattr(part, field)
    return replace(part, **{field: replace(clock, amount=clock.amount + by)})


def _wrong_conditions(part: Part) -> Iterator[tuple[str, Edit]]:
    """One condition left out or reversed. Duties have several groups of conditions, other parts one."""
    groups = part.when_any if hasattr(part, "when_any") else (part.when,)
    for at, group in enumerate(groups):
        for place, condition in enumerate(group):
            for mistake, change in _wrong(condition):
                yield f"{condition.left}: {mistake}", _in_group(at, place, change)


def _in_group(at: int, place: int, change: Callable[[Condition], Condition | None]) -> Edit:
    def edit(part: Part) -> Part:
        several = hasattr(part, "when_any")
        groups = list(part.when_any if several else (part.when,))
        wrong = change(groups[at][place])
        kept = () if wrong is None else (wrong,)
        groups[at] = (*groups[at][:place], *kept, *groups[at][place + 1 :])
        return replace(part, when_any=tuple(groups)) if several else replace(part, when=groups[at])

    return edit


def _wrong(condition: Condition) -> Iterator[tuple[str, Callable[[Condition], Condition | None]]]:
    yield "condition left out", lambda _: None
    for operator in _TURNED.get(condition.operator, ()):
        yield f"{condition.operator} is {operator}", partial(replace, operator=operator)
    first = condition.right[0]
    if isinstance(first, int) and not isinstance(first, bool):
        for by in (-1, 1):
            yield f"{first} is {first + by}", partial(_raised, by)
    if condition.operator == "in":
        for place, value in enumerate(condition.right):
            yield f"without {value}", partial(_without, place)


def _raised(by: int, condition: Condition) -> Condition:
    parameter = condition.right[0]
    return replace(condition, right=(int(parameter) + by,))


def _without(place: int, condition: Condition) -> Condition:
    return replace(condition, right=(*condition.right[:place], *condition.right[place + 1 :]))
