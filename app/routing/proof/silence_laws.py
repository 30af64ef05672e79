"""Proves L2 and L3 for the rules of one question: nobody is asked on silence, and MARAC is asked when its clock ends.

Silence is a fact that is not known, and an answer that rests on one: an open answer, and a no of MATAC or MAPPA, which
stands too where nobody looks anything up.
"""

from collections.abc import Iterable, Iterator

from app.routing.policy.conditions import is_met
from app.routing.policy.faults import PolicyFault
from app.routing.policy.grammar import NUMBER
from app.routing.policy.outcomes import OPEN, QUESTIONS_BY_NAME, Question
from app.routing.policy.situation_space import Space
from app.routing.policy.types import ClockEnd, Fact, Policy, Rule
from app.routing.proof.counterexamples import as_example
from app.routing.proof.rule_spaces import answer_sets, union

KEEPS_OUT = {"marac": "victim_oldest", "matac": "perpetrator_oldest", "pdp": "perpetrator_oldest"}
"""The age that may keep a case from each forum: the oldest that the person whom it hears or takes can be.

It is what that person is, and not what is known. Nothing excludes the answer to another question, which states a fact,
a review or a bar: to exclude that somebody is a child or in custody would take them from whoever is owed them.
"""

ADULT = 18
ASKS_NOBODY = frozenset({"review", "matac_barred", "identified", "stands_aside"})
"""The questions whose answer asks no forum to lead or to help."""


def excluded_by_more_than_age(policy: Policy, question: Question, rules: Iterable[Rule]) -> Iterator[PolicyFault]:
    """Yields each rule that keeps a case out on anything but that the person whom the forum takes is a child.

    An exclusion beats every ground. One that read a clock, a count of what nobody answered or what is not known would
    let silence beat them; one that read the age of the other person would let it beat the danger.
    """
    own = KEEPS_OUT.get(question.name)
    for rule in (each for each in rules if each.exclusion):
        read = {condition.left for condition in rule.when} - policy.parameters.keys()
        if own is None:
            case = as_example(f"{rule.id} excludes", {name: _excluding(policy, rule, name) for name in sorted(read)})
            yield PolicyFault(rule.id, f"{rule.id} excludes {question.name}: nothing may exclude it", case)
            continue
        for name in sorted(read - {own}):
            case = as_example(f"{rule.id} excludes", {name: _excluding(policy, rule, name)})
            yield PolicyFault(rule.id, f"{rule.id} excludes by {name}: only the age of a child keeps a case out", case)
        grown = next((age for age in range(ADULT, 121) if all(_allows(rule, name, age) for name in read)), None)
        if grown is not None and read <= {own}:
            case = as_example(f"{question.name} excludes an adult", {own: grown})
            yield PolicyFault(rule.id, f"{rule.id} excludes an adult: only the age of a child keeps a case out", case)


def _allows(rule: Rule, name: str, value: Fact) -> bool:
    return all(is_met(condition, value) for condition in rule.when if condition.left == name)


def _excluding(policy: Policy, rule: Rule, name: str) -> Fact:
    """Returns a value of the fact or of the earlier answer with which the rule excludes."""
    if name not in policy.facts:
        values: tuple[Fact, ...] = QUESTIONS_BY_NAME[name].answers
    elif policy.facts[name].kind == NUMBER:
        values = (*range(policy.facts[name].low, policy.facts[name].high + 1),)
    else:
        values = policy.facts[name].values or (False, True)
    return next((value for value in values if _allows(rule, name, value)), None)


def asked_on_silence(
    question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]
) -> Iterator[PolicyFault]:
    """Yields an answer that is met while something is not known, and would not be met once it is (L3)."""
    met = space.full & ~answer_sets(question, rules, space, sets)[question.values[0]]
    for name in space.axes:
        lost = space.full & _completed(question, space, name, met) & ~met
        if lost:
            case = as_example(f"{question.name} is no longer met once {name} is known", space.situation(lost))
            yield PolicyFault(question.name, f"{question.name} is asked before {name} is known", case)


def _completed(question: Question, space: Space, name: str, met: int) -> int:
    """Returns what the situations may turn into once the fact or the earlier answer, not known in them, is known."""
    if None in space.axes[name]:
        return space.completed(name, met)
    if name not in QUESTIONS_BY_NAME or question.name in ASKS_NOBODY or OPEN not in space.axes[name]:
        return 0
    found = space.turned(name, OPEN, met)
    first = QUESTIONS_BY_NAME[name].values[0]
    # MARAC's no is never one of silence: where a fact that is not known could meet it, its answer is open.
    return found if name == "marac" else found | space.turned(name, first, met)


def not_asked_at_the_clock_end(
    policy: Policy, question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]
) -> Iterator[PolicyFault]:
    """Yields a question that is asked when its clock ends must then be met, whatever the facts turn out to be (L2)."""
    if policy.outcomes[question.name].clock_end is not ClockEnd.ASKED:
        return
    ended = f"{question.name}_unanswered"
    situation = {name: value for name, value in space.situation(space.full).items() if name in policy.facts}
    if ended not in space.axes:
        case = as_example(f"the clock of {question.name} has ended", {**situation, ended: True})
        yield PolicyFault(ended, f"no rule asks {question.name} when its clock ends: none reads {ended}", case)
        return
    excluded = union(sets[rule.id] for rule in rules if rule.exclusion)
    at_end = space.where_value(ended, (True,)) & ~excluded
    if "abuse_reported" in space.axes:
        at_end &= space.where_value("abuse_reported", (True,))
    lost = at_end & answer_sets(question, rules, space, sets)[question.values[0]]
    if lost:
        case = as_example(f"the clock of {question.name} has ended", space.situation(lost))
        yield PolicyFault(question.name, f"{question.name} is not asked although its clock has ended", case)
