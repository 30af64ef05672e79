"""Compares two policies exactly: every situation that comes out differently, and how.

The situations are those that the rules of either policy distinguish, at each policy's own parameters. A
parameter that only counts before the rules (a window of months) changes facts and not situations: it is listed,
and a what-if on stored cases shows its effect.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod

from app.routing.comparison.part_changes import ParameterChange, PartChange, parameter_changes, part_changes
from app.routing.comparison.situation_sets import SituationSet, situation_sets
from app.routing.comparison.statements import Statement, statements_of
from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.grammar import NUMBER
from app.routing.policy.outcomes import OPEN, QUESTIONS_BY_NAME
from app.routing.policy.situation_space import Space
from app.routing.policy.types import Condition, Fact, FactType, Policy
from app.routing.proof.rule_spaces import fact_values
from app.vocabulary import Forum

MOST_SITUATIONS = 8_000_000
LEADS = ("victim_lead", "perpetrator_lead")


class TooManySituationsError(Exception):
    """The policies distinguish more situations than can be examined."""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """In `situations` of `out_of` situations the answer is `now` and was `was`; `where` says in which."""

    kind: str
    subject: str
    label: str
    was: str
    now: str
    situations: int
    out_of: int
    where: tuple[SituationSet, ...]


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """What changes from one policy to another. `old` and `new` are id, version and SHA-256."""

    old: tuple[str, str, str]
    new: tuple[str, str, str]
    parameters: tuple[ParameterChange, ...]
    parts: tuple[PartChange, ...]
    answer_changes: tuple[AnswerChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two policies say the same, to the word."""
        return not (self.parameters or self.parts or self.answer_changes)


def compare(old: Policy, new: Policy) -> PolicyDiff:
    """Returns the exact difference. Raises TooManySituationsError when there are too many situations to examine."""
    facts = {**old.facts, **new.facts}
    before, after = ({(s.kind, s.subject): s for s in statements_of(policy)} for policy in (old, new))
    subjects = dict.fromkeys((*before, *after))
    return PolicyDiff(
        (old.id, old.version, old.sha256),
        (new.id, new.version, new.sha256),
        tuple(parameter_changes(old, new)),
        tuple(part_changes(old, new)),
        tuple(each for key in subjects for each in _answer_changes(before.get(key), after.get(key), facts)),
    )


def _answer_changes(
    was: Statement | None, now: Statement | None, facts: Mapping[str, FactType]
) -> Iterator[AnswerChange]:
    """Yields where the two answer one question differently. In a policy without the question no clause holds."""
    known = was or now
    if known is None or was == now:
        return
    space = situation_space([*_conditions_of(was), *_conditions_of(now)], facts)
    tops = {name: facts[name].high for name in space.axes if name in facts and facts[name].kind == NUMBER}
    before, after = (
        situations_by_answer(was or _without_clauses(known), space),
        situations_by_answer(now or _without_clauses(known), space),
    )
    for old_answer, old_bits in before.items():
        for new_answer, new_bits in after.items():
            moved = old_bits & new_bits
            if moved and old_answer != new_answer:
                where = situation_sets(space, moved, tops)
                yield AnswerChange(
                    known.kind, known.subject, known.label, old_answer, new_answer,
                    moved.bit_count(), space.size, where,
                )  # fmt: skip


def _without_clauses(statement: Statement) -> Statement:
    return Statement(statement.kind, statement.subject, statement.label, statement.otherwise, (), statement.may_be_open)


def _conditions_of(statement: Statement | None) -> Iterable[Condition]:
    return (condition for clause in (statement.clauses if statement else ()) for condition in clause.when)


def situation_space(conditions: Iterable[Condition], facts: Mapping[str, FactType]) -> Space:
    """Returns every situation that the conditions distinguish. Raises TooManySituationsError."""
    read: dict[str, list[Condition]] = {}
    for condition in conditions:
        read.setdefault(condition.left, []).append(condition)
    axes = {name: _axis(name, conditions, facts) for name, conditions in sorted(read.items())}
    if prod(len(values) for values in axes.values()) > MOST_SITUATIONS:
        raise TooManySituationsError(f"more than {MOST_SITUATIONS:,} situations of {', '.join(axes)}")
    return Space(axes)


def _axis(name: str, conditions: Iterable[Condition], facts: Mapping[str, FactType]) -> tuple[Fact, ...]:
    if name in facts:
        return fact_values(facts[name], conditions)
    if name in QUESTIONS_BY_NAME:
        return QUESTIONS_BY_NAME[name].answers
    return tuple(Forum) if name in LEADS else {**VICTIM_COLUMNS, **PERPETRATOR_COLUMNS}[name]


def situations_by_answer(statement: Statement, space: Space) -> dict[str, int]:
    """Returns, for each answer, the situations in which it is given; together they are all situations."""
    excluded = 0
    for clause in statement.clauses:
        if clause.excludes:
            excluded |= space.where_all(clause.when)
    given: dict[str, int] = {}
    for clause in statement.clauses:
        if not clause.excludes:
            given[clause.answer] = given.get(clause.answer, 0) | space.where_all(clause.when) & ~excluded
    rest = space.full
    for bits in given.values():
        rest &= ~bits
    if statement.may_be_open:
        still_open = rest & ~excluded & _could_hold(statement, space)
        given[OPEN], rest = still_open, rest & ~still_open
    given[statement.otherwise] = given.get(statement.otherwise, 0) | rest
    return given


def _could_hold(statement: Statement, space: Space) -> int:
    """Returns the situations in which a clause could hold, whatever the facts turn out to be that are not known."""
    bits = 0
    for clause in statement.clauses:
        if not clause.excludes:
            bits |= space.where_all_may_hold(clause.when)
    return bits
