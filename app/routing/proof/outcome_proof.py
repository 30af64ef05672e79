"""Proves the questions: each has one answer, every rule decides something, and more risk never protects less."""

from collections.abc import Iterable, Iterator

from app.routing.policy.faults import PolicyFault
from app.routing.policy.grammar import FLAG, NUMBER
from app.routing.policy.outcomes import QUESTIONS, QUESTIONS_BY_NAME, Question
from app.routing.policy.parameters import setting_values
from app.routing.policy.situation_space import Space, cut_points
from app.routing.policy.types import ClockEnd, Condition, Fact, FactType, Policy, Rule
from app.routing.proof.counterexamples import as_example


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
        *_asked_on_silence(policy, question, rules, space, sets),
        *_not_asked_at_the_clock_end(policy, question, rules, space, sets),
    )
    return question.name, space.size, faults


def answer_space(policy: Policy, rules: tuple[Rule, ...]) -> Space:
    """Returns the situations that the rules distinguish, with every value that a board may give a parameter."""
    read: dict[str, list[Condition]] = {}
    for rule in rules:
        for condition in rule.when:
            read.setdefault(condition.left, []).append(condition)
    return Space({name: axis(policy, name, conditions) for name, conditions in sorted(read.items())})


def axis(policy: Policy, name: str, conditions: Iterable[Condition]) -> tuple[Fact, ...]:
    """Returns the values that stand for all values of a fact, a parameter or an earlier answer."""
    if name in policy.facts:
        return fact_values(policy.facts[name], conditions)
    if name in policy.parameters:
        return setting_values(policy.parameters[name])
    return QUESTIONS_BY_NAME[name].answers


def fact_values(fact: FactType, conditions: Iterable[Condition]) -> tuple[Fact, ...]:
    """Returns the values that stand for all values of the fact, None for not known among them.

    There is one for each set of values that meets the same conditions.
    """
    unknown: tuple[Fact, ...] = (None,) if fact.may_be_unknown else ()
    if fact.kind == FLAG:
        return (*unknown, False, True)
    return (*unknown, *(cut_points(conditions, fact.low, fact.high) if fact.kind == NUMBER else fact.values))


def answer_sets(question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]) -> dict[str, int]:
    """Returns for each answer the situations in which the rules give it."""
    excluded = _union(sets[rule.id] for rule in rules if rule.exclusion)
    given = {
        value: _union(sets[rule.id] for rule in rules if rule.value == value and not rule.exclusion) & ~excluded
        for value in question.values
    }
    # Where no rule holds, or an exclusion does, the first answer stands.
    given[question.values[0]] |= space.full & ~_union(given.values())
    return given


def _union(sets: Iterable[int]) -> int:
    bits = 0
    for each in sets:
        bits |= each
    return bits


def _idle_rules(question: Question, rules: tuple[Rule, ...], sets: dict[str, int]) -> Iterator[PolicyFault]:
    """Returns rules that never hold, or that change no answer when left out and are not marked `cover`."""
    excluded = _union(sets[rule.id] for rule in rules if rule.exclusion)
    for rule in rules:
        if not sets[rule.id]:
            yield PolicyFault(rule.id, f"{rule.id} can never hold")
            continue
        same = [r for r in rules if r.id != rule.id and r.value == rule.value and r.exclusion == rule.exclusion]
        alone = sets[rule.id] & ~_union(sets[r.id] for r in same)
        if rule.exclusion:
            alone &= _union(sets[r.id] for r in rules if not r.exclusion)
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
            reached = _union(given[value] for value in question.values[rank:])
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


def _asked_on_silence(
    policy: Policy, question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]
) -> Iterator[PolicyFault]:
    """Yields an answer that is met while a fact is not known, and would not be met once it is (L3)."""
    for rule in rules:
        for fact in (policy.facts[c.left] for c in rule.when if c.left in policy.facts):
            if rule.exclusion and fact.may_be_unknown:
                yield PolicyFault(rule.id, f"{rule.id} excludes by {fact.name}, which may not be known")
    met = space.full & ~answer_sets(question, rules, space, sets)[question.values[0]]
    for name in space.axes:
        if None not in space.axes[name]:
            continue
        lost = space.completed(name, met) & ~met
        if lost:
            case = as_example(f"{question.name} is no longer met once {name} is known", space.situation(lost))
            yield PolicyFault(question.name, f"{question.name} is asked before {name} is known", case)


def _not_asked_at_the_clock_end(
    policy: Policy, question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]
) -> Iterator[PolicyFault]:
    """Yields a question that is asked when its clock ends must then be met, whatever the facts turn out to be (L2)."""
    if policy.outcomes[question.name].clock_end is not ClockEnd.ASKED:
        return
    ended = f"{question.name}_unanswered"
    if ended not in space.axes:
        yield PolicyFault(question.name, f"no rule asks {question.name} when its clock ends: none reads {ended}")
        return
    excluded = _union(sets[rule.id] for rule in rules if rule.exclusion)
    at_end = space.where_value(ended, (True,)) & ~excluded
    if "abuse_reported" in space.axes:
        at_end &= space.where_value("abuse_reported", (True,))
    lost = at_end & answer_sets(question, rules, space, sets)[question.values[0]]
    if lost:
        case = as_example(f"the clock of {question.name} has ended", space.situation(lost))
        yield PolicyFault(question.name, f"{question.name} is not asked although its clock has ended", case)
