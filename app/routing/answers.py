"""Every question answered in order, each from the facts, the settings and the answers before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.routing.conditions import Known
from app.routing.decision import Unsettled
from app.routing.outcomes import QUESTIONS, reading
from app.routing.settle import settle
from app.routing.types import Facts, Policy, Rule


@dataclass(frozen=True, slots=True)
class Answers:
    """For each question what is possible, what is taken meanwhile, which facts decide, which to ask first."""

    known: Known
    possible: Mapping[str, tuple[str, ...]]
    taken: Mapping[str, str]
    decided_by: Mapping[str, tuple[str, ...]]
    ask_first: Mapping[str, tuple[str, ...]]
    fired: tuple[Rule, ...]


def answer_all(policy: Policy, facts: Facts) -> Answers:
    """The answers on these facts. An open answer stays open for the questions that read it."""
    settings = {name: parameter.value for name, parameter in policy.parameters.items()}
    known = Known({**settings, **facts})
    rules = _by_question(policy.rules)
    possible: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    decided_by: dict[str, tuple[str, ...]] = {}
    ask_first: dict[str, tuple[str, ...]] = {}
    fired: list[Rule] = []
    for question in QUESTIONS:
        answer = settle(question, rules.get(question.name, ()), known, policy.facts)
        read_as = reading(question, answer.possible, policy.outcomes[question.name].unknown_as)
        # What is taken meanwhile has its own consequences, even where it is not one of the ways out.
        known.settle(question.name, tuple(dict.fromkeys((*answer.possible, read_as))))
        possible[question.name] = answer.possible
        taken[question.name] = read_as
        decided_by[question.name] = _down_to_facts(answer.decided_by, decided_by)
        ask_first[question.name] = _down_to_facts(answer.ask_first, ask_first)
        fired.extend(answer.fired)
    return Answers(known, possible, taken, decided_by, ask_first, tuple(fired))


def _by_question(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.outcome, []).append(rule)
    return {name: tuple(each) for name, each in found.items()}


def _down_to_facts(names: Iterable[str], earlier: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names, with each open earlier answer replaced by the facts that decide it."""
    return tuple(dict.fromkeys(fact for name in names for fact in earlier.get(name, (name,))))


def open_questions(policy: Policy, answers: Answers) -> tuple[Unsettled, ...]:
    """Every question with more than one possible answer, and how it is read meanwhile."""
    return tuple(
        Unsettled(
            name,
            possible,
            answers.decided_by[name],
            answers.taken[name],
            open_sentence(policy, policy.outcomes[name].label, answers.decided_by[name]),
        )
        for name, possible in answers.possible.items()
        if len(possible) > 1
    )


def open_sentence(policy: Policy, question: str, deciding: Iterable[str]) -> str:
    """What is open and which facts decide it, in the words of the policy."""
    labels = "; ".join(policy.facts[name].label for name in deciding)
    return f"{question}: not settled. Not known: {labels}"
