"""Proves that an answer says what is so: that somebody is a child, in custody, identified or managed at a level.

The label of such an answer states a fact about a person, and rows and sentences repeat it. A rule that gives it on
another ground would tell a forum what is not so, and would send the case past the forum that is owed it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.routing.policy.conditions import is_met
from app.routing.policy.faults import PolicyFault
from app.routing.policy.outcomes import Question
from app.routing.policy.types import Condition, Fact, Policy, Rule
from app.routing.proof.counterexamples import as_example
from app.routing.proof.rule_spaces import axis


@dataclass(frozen=True, slots=True)
class BoundAnswer:
    """Answers of a question that may be given only where the condition holds; `always` given where it holds."""

    question: str
    answers: tuple[str, ...]
    so: Condition
    always: bool = False


def bound_answers(policy: Policy) -> tuple[BoundAnswer, ...]:
    """Returns every answer that states a fact, with the fact that it states."""
    child, adult = (policy.parameters[name].value for name in ("child_victim_age", "adult_age"))
    return (
        BoundAnswer("child_victim", ("yes",), Condition("victim_youngest", "<", (child,)), always=True),
        BoundAnswer("youth", ("yes",), Condition("perpetrator_youngest", "<", (adult,))),
        BoundAnswer("youth", ("under_age",), Condition("perpetrator_too_young", "==", (True,)), always=True),
        BoundAnswer("custody", ("yes",), Condition("in_custody", "==", (True,))),
        BoundAnswer("identified", ("no",), Condition("perpetrator_known", "==", (False,)), always=True),
        BoundAnswer("mappa", ("l1", "l1_escalating"), Condition("mappa_level", "==", ("1",))),
        BoundAnswer("mappa", ("l2",), Condition("mappa_level", "==", ("2",))),
        BoundAnswer("mappa", ("l3",), Condition("mappa_level", "==", ("3",))),
        # A row then leads the victim past MARAC: only where the area chose so, and the victim has a voice at MAPPA.
        BoundAnswer("stands_aside", ("yes",), Condition("mappa", "in", ("l2", "l3"))),
        BoundAnswer("stands_aside", ("yes",), Condition("marac_hears_when_mappa_l23", "==", (False,))),
        BoundAnswer("stands_aside", ("yes",), Condition("victim_voice_at_mappa", "==", (True,))),
    )


def answered_on_another_ground(policy: Policy, question: Question, rules: Iterable[Rule]) -> Iterator[PolicyFault]:
    """Yields each rule that states a fact which is not so, and each fact that no rule states where it must."""
    asking = tuple(rule for rule in rules if not rule.exclusion)
    for bound in (each for each in bound_answers(policy) if each.question == question.name):
        stating = tuple(rule for rule in asking if rule.value in bound.answers)
        for rule in stating:
            yield from _not_so(policy, rule, bound.so)
        if bound.always:
            yield from _not_stated(policy, bound, stating)


def _not_so(policy: Policy, rule: Rule, so: Condition) -> Iterator[PolicyFault]:
    own = tuple(condition for condition in rule.when if condition.left == so.left)
    values = axis(policy, so.left, (*own, so))
    astray = [value for value in values if _all_met(own, value) and not is_met(so, value)]
    if astray:
        given = {one.left: _meeting(policy, one) for one in rule.when} | {so.left: astray[-1]}
        case = as_example(f"{rule.id} states what is not so", given)
        yield PolicyFault(rule.id, f"{rule.id} answers {rule.value} to {rule.outcome} though not {_words(so)}", case)


def _not_stated(policy: Policy, bound: BoundAnswer, stating: tuple[Rule, ...]) -> Iterator[PolicyFault]:
    # Only rules that rest on nothing else: what rests on more may not be there.
    alone = [rule.when for rule in stating if all(condition.left == bound.so.left for condition in rule.when)]
    values = axis(policy, bound.so.left, (bound.so, *(condition for when in alone for condition in when)))
    for value in values:
        if is_met(bound.so, value) and not any(_all_met(when, value) for when in alone):
            case = as_example(f"{bound.question} is not stated", {bound.so.left: value})
            message = f"no rule answers {bound.answers[0]} to {bound.question} although {_words(bound.so)}"
            yield PolicyFault(bound.question, message, case)
            return


def _all_met(conditions: Iterable[Condition], value: Fact) -> bool:
    return all(is_met(condition, value) for condition in conditions)


def _meeting(policy: Policy, condition: Condition) -> Fact:
    """Returns a value that meets the condition; None where only `is unknown` is met or nothing is."""
    return next((value for value in axis(policy, condition.left, (condition,)) if is_met(condition, value)), None)


def _words(condition: Condition) -> str:
    return f"{condition.left} {condition.operator} {' '.join(str(value) for value in condition.right)}"
