"""Whether two forms of one duty, support or warning differ in any situation.

A column follows from answers and refusals, so "MATAC is open" implies "MATAC's criteria are met".
Every combination of the answers and records that the conditions rest on is tried.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from app.routing.policy.columns import (
    COLUMN_INPUTS,
    HAS_NOT_DECLINED,
    PERPETRATOR_COLUMNS,
    VICTIM_COLUMNS,
    column_values,
)
from app.routing.policy.conditions import is_met
from app.routing.policy.outcomes import QUESTIONS_BY_NAME
from app.routing.policy.refusals import declined_fact
from app.routing.policy.types import Condition, Fact, Policy
from app.routing.proof.rule_spaces import axis
from app.vocabulary import Forum

_COLUMNS = frozenset({**VICTIM_COLUMNS, **PERPETRATOR_COLUMNS}) - frozenset(QUESTIONS_BY_NAME)
_LEADS = ("victim_lead", "perpetrator_lead")
Groups = tuple[tuple[Condition, ...], ...]


def says_the_same(policy: Policy, one: Groups, other: Groups) -> bool:
    """Whether one of the groups holds exactly when one of the others does, in every situation that can arise."""
    return all(_any_holds(one, values) == _any_holds(other, values) for values in _situations(policy, one, other))


def groups_of(part: Any) -> Groups:
    """The part's groups of conditions: any one of them suffices."""
    groups: Groups = part.when_any if hasattr(part, "when_any") else (part.when,)
    return groups


def with_groups(part: Any, groups: Groups) -> Any:
    """The part with other conditions and everything else as it is."""
    return replace(part, when_any=groups) if hasattr(part, "when_any") else replace(part, when=groups[0])


def _any_holds(groups: Groups, values: Mapping[str, Fact]) -> bool:
    return any(all(is_met(condition, values[condition.left]) for condition in group) for group in groups)


def _situations(policy: Policy, *parts: Groups) -> Iterator[dict[str, Fact]]:
    """Every combination of what the conditions rest on, with the columns that follow from it."""
    conditions = [condition for groups in parts for group in groups for condition in group]
    axes = {name: tuple(values) for name, values in _axes(policy, conditions)}
    quiet = {name: question.values[0] for name, question in QUESTIONS_BY_NAME.items()}
    records: dict[str, Fact] = {declined_fact(forum): False for forum in HAS_NOT_DECLINED}
    records |= {"marac_stage": "NOT_REFERRED", "supervised": False}
    for way in product(*axes.values()):
        values = dict(zip(axes, way, strict=True))
        answers = {name: str(values.get(name, quiet[name])) for name in quiet}
        yield {**records, **column_values(answers, {**records, **values}), **values}


def _axes(policy: Policy, conditions: list[Condition]) -> Iterator[tuple[str, Iterable[Fact]]]:
    names = {condition.left for condition in conditions}
    rests_on = names - _COLUMNS
    for column in names & _COLUMNS:
        rests_on |= {*COLUMN_INPUTS.get(column, (column,)), *_records_behind(column)}
    for name in sorted(rests_on):
        if name in _LEADS:
            yield name, tuple(Forum)
        else:
            yield name, axis(policy, name, [c for c in conditions if c.left == name])


def _records_behind(column: str) -> Iterator[str]:
    """The refusals, the stage and the supervision that the column shows."""
    for forum, shown in HAS_NOT_DECLINED.items():
        if column in shown and forum is not Forum.MAPPA_L3:
            yield declined_fact(forum)
    if column == "marac_path":
        yield "marac_stage"
    if column == "mappa_path":
        yield "supervised"
