"""Answers every question in order, each from the facts, the parameters and the earlier answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.engine.possible_answers import OpenRule, PossibleAnswers, ReadyRule, conclude, settle
from app.routing.policy.outcomes import QUESTIONS, Question, answer_while_open
from app.routing.policy.types import Policy
from app.routing.record.decision import Unsettled


@dataclass(frozen=True, slots=True)
class ReadyQuestion:
    """A question with its rules, and the answer that it takes while it is open."""

    question: Question
    unknown_as: str
    rules: tuple[ReadyRule, ...]

    def live(self, known: KnownFacts) -> tuple[OpenRule, ...]:
        """Returns the rules that what is known has not settled."""
        undecided = known.undecided
        return tuple(rule.live(undecided) for rule in self.rules if known.holds(rule.needs) is None)


@dataclass(frozen=True, slots=True)
class Answers:
    """What is taken for each question, the ones still open among them, and the rules that held."""

    taken: Mapping[str, str]
    open: Mapping[str, PossibleAnswers]
    fired: tuple[ReadyRule, ...]

    def decided_by(self, name: str) -> tuple[str, ...]:
        """Returns the facts not known that decide it; none when it is settled."""
        return self.open[name].decided_by if name in self.open else ()

    def ask_first(self, name: str) -> tuple[str, ...]:
        """Returns the facts to find out first; none when it is settled."""
        return self.open[name].ask_first if name in self.open else ()


def ready_questions(policy: Policy, conditions: ConditionTable) -> tuple[ReadyQuestion, ...]:
    """Returns the questions of the policy in the order in which they are answered."""
    return tuple(
        ReadyQuestion(
            question,
            policy.outcomes[question.name].unknown_as,
            tuple(ReadyRule(rule, conditions) for rule in policy.rules if rule.outcome == question.name),
        )
        for question in QUESTIONS
    )


def answer_all(policy: Policy, questions: Iterable[ReadyQuestion], known: KnownFacts) -> Answers:
    """Returns the answers on what is known, which then holds them. An open one stays open for those that read it."""
    taken: dict[str, str] = {}
    still_open: dict[str, PossibleAnswers] = {}
    fired: list[ReadyRule] = []
    for ready in questions:
        name, lacking = ready.question.name, known.lacking
        held = [rule for rule in ready.rules if not lacking & rule.needs]
        fired += held
        live = ready.live(known) if known.undecided else ()
        if not live:
            taken[name] = conclude(ready.question, [each.rule for each in held])
            known.settle(name, (taken[name],))
            continue
        answer = settle(ready.question, [each.rule for each in held], live, known, policy.facts)
        met = conclude(ready.question, [each.rule for each in held])
        taken[name] = answer_while_open(ready.question, answer.possible, ready.unknown_as, met)
        if len(answer.possible) > 1:
            still_open[name] = _down_to_facts(answer, still_open)
        # The answer taken meanwhile counts as possible too: later answers follow from it.
        known.settle(name, tuple(dict.fromkeys((*answer.possible, taken[name]))))
    return Answers(taken, still_open, tuple(fired))


def _down_to_facts(answer: PossibleAnswers, earlier: Mapping[str, PossibleAnswers]) -> PossibleAnswers:
    """Returns the answer, each open earlier answer that decides it replaced by the facts that decide that one."""

    def facts(names: Iterable[str], deciding: str) -> tuple[str, ...]:
        found = (getattr(earlier[name], deciding) if name in earlier else (name,) for name in names)
        return tuple(dict.fromkeys(fact for each in found for fact in each))

    return PossibleAnswers(
        answer.possible, facts(answer.decided_by, "decided_by"), facts(answer.ask_first, "ask_first")
    )


def open_questions(policy: Policy, answers: Answers) -> tuple[Unsettled, ...]:
    """Returns every question with more than one possible answer, and the answer taken meanwhile."""
    return tuple(
        Unsettled(
            name,
            answer.possible,
            answer.decided_by,
            answers.taken[name],
            open_sentence(policy, policy.outcomes[name].label, answer.decided_by),
        )
        for name, answer in answers.open.items()
    )


def open_sentence(policy: Policy, question: str, deciding: Iterable[str]) -> str:
    """Returns what is open and which facts decide it, in the words of the policy."""
    labels = "; ".join(policy.facts[name].label for name in deciding)
    return f"{question}: not settled. Not known: {labels}"
