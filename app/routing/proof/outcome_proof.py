"""Proves the questions: each has one answer, every rule decides something, and more risk never protects less."""

from collections.abc import Iterator

from app.routing.policy.faults import PolicyFault
from app.routing.policy.outcomes import QUESTIONS, Question
from app.routing.policy.situation_space import Space
from app.routing.policy.types import Policy, Rule
from app.routing.proof.bound_answers import answered_on_another_ground
from app.routing.proof.counterexamples import as_example
from app.routing.proof.rule_spaces import answer_sets, answer_space, union
from app.routing.proof.silence_laws import asked_on_silence, excluded_by_more_than_age, not_asked_at_the_clock_end
from app.routing.proof.silent_values import met_by_silence


def prove_answers(policy: Policy) -> Iterator[tuple[str, int, tuple[PolicyFault, ...]]]:
    """Returns for each question its name, how many situations are examined, and the faults."""
    return (prove_answer(policy, question) for question in QUESTIONS)


def prove_answer(policy: Policy, question: Question) -> tuple[str, int, tuple[PolicyFault, ...]]:
    """Returns the same for one question."""
    rules = tuple(rule for rule in policy.rules if rule.outcome == question.name)
    space = answer_space(policy, rules)
    sets = {rule.id: space.where_all(rule.when) for rule in rules}
    faults = (
        *_idle_rules(question, rules, sets),
        *_conflicts(question, rules, space, sets),
        *_answers_lowered_by_risk(policy, question, rules, space, sets),
        *_statutory_levels(question, rules, space, sets),
        *excluded_by_more_than_age(policy, question, rules),
        *answered_on_another_ground(policy, question, rules),
        *asked_on_silence(question, rules, space, sets),
        *met_by_silence(policy, question, rules, space, sets),
        *not_asked_at_the_clock_end(policy, question, rules, space, sets),
    )
    return question.name, space.size, faults


def _idle_rules(question: Question, rules: tuple[Rule, ...], sets: dict[str, int]) -> Iterator[PolicyFault]:
    """Returns rules that never hold, or that change no answer when left out and are not marked `cover`."""
    excluded = union(sets[rule.id] for rule in rules if rule.exclusion)
    for rule in rules:
        if not sets[rule.id]:
            yield PolicyFault(rule.id, f"{rule.id} can never hold")
            continue
        same = [r for r in rules if r.id != rule.id and r.value == rule.value and r.exclusion == rule.exclusion]
        alone = sets[rule.id] & ~union(sets[r.id] for r in same)
        if rule.exclusion:
            alone &= union(sets[r.id] for r in rules if not r.exclusion)
        else:
            alone &= ~excluded
        if not alone and not rule.cover:
            yield PolicyFault(
                rule.id, f"{rule.id} decides no situation alone for {question.name}; mark it `cover = true`"
            )


def _conflicts(
    question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]
) -> Iterator[PolicyFault]:
    """Returns pairs of rules that give the question two answers in one situation."""
    including = [rule for rule in rules if not rule.exclusion]
    for index, first in enumerate(including):
        for second in including[index + 1 :]:
            both = sets[first.id] & sets[second.id]
            if both and first.value != second.value:
                case = as_example(f"{first.id} and {second.id} disagree", space.situation(both))
                yield PolicyFault(first.id, f"{question.name} is both {first.value} and {second.value}", case)


def _answers_lowered_by_risk(
    policy: Policy, question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]
) -> Iterator[PolicyFault]:
    """Returns facts of which more is more risk, and whose next higher value lowers the answer."""
    if not question.rising:
        return
    given = answer_sets(question, rules, space, sets)
    for name in space.axes:
        riskier = policy.facts[name].riskier if name in policy.facts else ""
        if riskier != "up" or name in question.gives_way_to:
            continue
        for rank in range(1, len(question.values)):
            reached = union(given[value] for value in question.values[rank:])
            # One step at a time is enough: any rise is a chain of such steps.
            lost = space.raised(name, reached) & ~reached
            if lost:
                case = as_example(f"raising {name} lowers {question.name}", space.situation(lost))
                yield PolicyFault(
                    question.name, f"more {name} takes {question.name} below {question.values[rank]}", case
                )
                break


def _statutory_levels(
    question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]
) -> Iterator[PolicyFault]:
    """Returns situations in which a person is managed at level 2 or 3 and the rules give another state."""
    if question.name != "mappa":
        return
    given = answer_sets(question, rules, space, sets)
    for level in ("2", "3"):
        # Rules that do not read the level cannot tell its situations apart, so all of them count as managed.
        managed = space.where_value("mappa_level", (level,)) if "mappa_level" in space.axes else space.full
        astray = managed & ~given[f"l{level}"]
        if astray:
            case = as_example(f"level {level} is not recognised", space.situation(astray))
            yield PolicyFault("mappa", f"a person at level {level} is not treated as level {level}", case)
