"""What one policy says, with its parameters filled in, as statements that two policies can be compared by.

A statement is one question about a situation (an answer, a lead, a support, a duty or a warning): clauses that
give an answer under conditions, and the answer when no clause holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.routing.policy.conditions import is_met
from app.routing.policy.labels import KIND_NAMES, SUBJECT_NAMES, due_name
from app.routing.policy.outcomes import QUESTIONS
from app.routing.policy.types import (
    Condition,
    DutyTemplate,
    LeadRow,
    Policy,
    Rule,
    SupportTemplate,
    WarningTemplate,
)

NOBODY, NOT = "nobody", "no"


@dataclass(frozen=True, slots=True)
class Clause:
    """The answer when all the conditions hold. A clause that excludes overrides every other clause."""

    answer: str
    when: tuple[Condition, ...]
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One question about a situation.

    `kind` is the section of the policy file, or `danger` for when a duty is one; `otherwise` answers when no clause
    holds. `may_be_open`: while a clause could still hold, the answer is open.
    """

    kind: str
    subject: str
    label: str
    otherwise: str
    clauses: tuple[Clause, ...]
    may_be_open: bool = False


def statements_of(policy: Policy) -> Iterator[Statement]:
    """Yields every statement of the policy, in the order in which the engine decides them."""
    for question in QUESTIONS:
        rules = tuple(rule for rule in policy.rules if rule.outcome == question.name)
        label = policy.outcomes[question.name].label
        clauses = tuple(_by_rules(policy, rules))
        yield Statement("outcome", question.name, label, question.values[0], clauses, question.may_be_open)
    for table, label, rows in (
        ("victim_lead", "who is asked to lead on the victim's safety", policy.victim_rows),
        ("perpetrator_lead", "who is asked to lead on the perpetrator", policy.perpetrator_rows),
    ):
        yield Statement(table, table, label, NOBODY, tuple(_by_rows(policy, rows)))
    yield from (_support(policy, each) for each in policy.supports)
    yield from (_duty(policy, each) for each in policy.duties)
    yield from (_danger(policy, each) for each in policy.duties if each.life_safety)
    yield from (_warning(policy, each) for each in policy.warnings)


def conditions_left(policy: Policy, when: Iterable[Condition]) -> tuple[Condition, ...] | None:
    """Returns the conditions on facts and answers; None when a condition on a parameter fails."""
    left = []
    for condition in when:
        parameter = policy.parameters.get(condition.left)
        if parameter is None:
            left.append(condition)
        elif not is_met(condition, parameter.value):
            return None
    return tuple(left)


def _clause(policy: Policy, answer: str, when: Iterable[Condition], *, excludes: bool = False) -> Iterator[Clause]:
    left = conditions_left(policy, when)
    if left is not None:
        yield Clause(answer, left, excludes)


def _by_rules(policy: Policy, rules: Iterable[Rule]) -> Iterator[Clause]:
    for rule in rules:
        yield from _clause(policy, rule.value, rule.when, excludes=rule.exclusion)


def _by_rows(policy: Policy, rows: Iterable[LeadRow]) -> Iterator[Clause]:
    for row in rows:
        answer = f"{row.lead} by its {row.role}, {due_name(row.accept_within)}; {row.holder} holds"
        yield from _clause(policy, answer, row.when)


def _support(policy: Policy, support: SupportTemplate) -> Statement:
    answer = f"{support.forum or 'no forum'}, {support.role}"
    label = f"who helps by {support.id}"
    return Statement("support", support.id, label, NOT, tuple(_clause(policy, answer, support.when)))


def _duty(policy: Policy, duty: DutyTemplate) -> Statement:
    helpers = f" with {', '.join(duty.support)}" if duty.support else ""
    recipient = f", to {duty.recipient}" if duty.recipient else ""
    marked = {
        "the hub reviews": duty.screens,
        "reaches the victim": duty.reaches_victim,
    }
    marks = "".join(f"; {mark}" for mark, so in marked.items() if so)
    kind = f"{KIND_NAMES[duty.kind]}, once for {SUBJECT_NAMES[duty.once_for]}"
    who = f"{duty.owner}{helpers}{recipient}, {due_name(duty.due)}{marks}"
    answer = f"{kind}: {who}: {duty.do}; done when {duty.done_when}"
    clauses = tuple(clause for group in duty.when_any for clause in _clause(policy, answer, group))
    return Statement("duty", duty.id, f"duty {duty.id}", NOT, clauses)


def _danger(policy: Policy, duty: DutyTemplate) -> Statement:
    clauses = tuple(clause for group in duty.danger_any for clause in _clause(policy, "life safety", group))
    return Statement("danger", duty.id, f"whether duty {duty.id} is life safety", NOT, clauses)


def _warning(policy: Policy, warning: WarningTemplate) -> Statement:
    clauses = tuple(_clause(policy, "shown", warning.when))
    return Statement("warning", warning.id, f"warning {warning.id}", NOT, clauses)
