"""Answers every question in order: met, not met, or open.

A question is met when a rule fires on what is known. It is open when no rule fires and some way in which the
facts that are not known could turn out would meet it. Otherwise it is not met. An open answer is a value that
later rules read; it never counts as met.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.policy.outcomes import OPEN, QUESTIONS, Question
from app.routing.policy.types import Policy, Rule


class ReadyRule:
    """A rule with the set of conditions it needs."""

    __slots__ = ("_places", "needs", "rule")

    def __init__(self, rule: Rule, conditions: ConditionTable) -> None:
        self.rule = rule
        self.needs = conditions.needs(rule.when)
        self._places = tuple((condition, conditions.needs((condition,))) for condition in rule.when)

    def waiting_for(self, undecided: int) -> tuple[str, ...]:
        """Returns the facts not known that decide whether it fires."""
        return tuple(dict.fromkeys(condition.left for condition, place in self._places if place & undecided))


@dataclass(frozen=True, slots=True)
class ReadyQuestion:
    """A question with its rules."""

    question: Question
    rules: tuple[ReadyRule, ...]

    def live(self, known: KnownFacts) -> tuple[ReadyRule, ...]:
        """Returns the rules that the facts which are not known could still make fire."""
        return tuple(rule for rule in self.rules if known.holds(rule.needs) is None)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answer of each question, the rules that fired, and the facts that could still raise an answer."""

    by_question: Mapping[str, str]
    fired: tuple[ReadyRule, ...]
    deciding: Mapping[str, tuple[str, ...]]

    @property
    def open(self) -> tuple[str, ...]:
        """The questions that are open, in order."""
        return tuple(name for name, answer in self.by_question.items() if answer == OPEN)


def ready_questions(policy: Policy, conditions: ConditionTable) -> tuple[ReadyQuestion, ...]:
    """Returns the questions of the policy in the order in which they are answered."""
    return tuple(
        ReadyQuestion(
            question,
            tuple(ReadyRule(rule, conditions) for rule in policy.rules if rule.outcome == question.name),
        )
        for question in QUESTIONS
    )


def answer_all(
    questions: Iterable[ReadyQuestion], known: KnownFacts, is_screened: Callable[[KnownFacts, str], bool]
) -> Answers:
    """Returns the answers on what is known, which then holds them.

    After the first question, MARAC's, `is_screened` says whether anybody looks anything up. Where nobody does, what
    is not known stays so, and the later questions are answered on what is known alone.
    """
    answers: dict[str, str] = {}
    fired: list[ReadyRule] = []
    deciding: dict[str, tuple[str, ...]] = {}
    for place, ready in enumerate(questions):
        name, lacking = ready.question.name, known.lacking
        held = [rule for rule in ready.rules if not lacking & rule.needs]
        live = ready.live(known) if known.undecided else ()
        fired += held
        answers[name] = answer_of(ready.question, held, live)
        raising = () if any(rule.rule.exclusion for rule in held) else _raising(ready.question, answers[name], live)
        if raising:
            deciding[name] = tuple(dict.fromkeys(f for rule in raising for f in rule.waiting_for(known.undecided)))
        known.settle(name, answers[name])
        if not place and not is_screened(known, answers[name]):
            known.stop_asking()
    return Answers(answers, tuple(fired), deciding)


def _raising(question: Question, answer: str, live: Iterable[ReadyRule]) -> tuple[ReadyRule, ...]:
    """Returns the rules that would raise the answer, should they fire: what cannot raise it any more is not asked."""
    ranks = question.answers.index
    return tuple(each for each in live if not each.rule.exclusion and ranks(each.rule.value) > ranks(answer))


def answer_of(question: Question, held: Iterable[ReadyRule], live: Iterable[ReadyRule]) -> str:
    """Returns met when a rule fires, open when one could still, else not met. An exclusion beats every inclusion."""
    answer = question.values[0]
    for rule in (each.rule for each in held):
        if rule.exclusion:
            return question.values[0]
        answer = max(answer, rule.value, key=question.values.index)
    could_be_met = question.may_be_open and any(not each.rule.exclusion for each in live)
    return OPEN if answer == question.values[0] and could_be_met else answer
