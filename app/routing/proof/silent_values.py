"""Proves of every value that stands for silence that no forum is asked because of it (L3).

Some facts are always known and still say only that nobody spoke: a count of what nobody answered, a clock that ran out,
a record that nobody made, and the value that stands for a fact while nobody has stated it. What such a value meets must
be met by every other value too, answer by answer in their order. MARAC by the end of its clock is the one exception,
and only for a report of abuse.
"""

from collections.abc import Iterator

from app.routing.policy.faults import PolicyFault
from app.routing.policy.outcomes import Question
from app.routing.policy.parameters import ADULT_AGE, ENDS_OF_AGE
from app.routing.policy.situation_space import Space
from app.routing.policy.types import Fact, Policy, Rule
from app.routing.proof.counterexamples import as_example
from app.routing.proof.rule_spaces import union
from app.routing.proof.silence_laws import ASKS_NOBODY

SPOKEN = {"marac_unanswered": False, "unanswered_questions": 0, "unanswered": 0}
"""The facts that count silence, each with the value that it has once everybody has answered."""

NOT_RECORDED = frozenset({"safe_contact_recorded", "sharing_reason_recorded"})
"""The facts that say whether somebody recorded something; false is silence."""

_MAY_REST_ON_SILENCE = ASKS_NOBODY - {"stands_aside"}
"""The questions whose answer keeps no forum from the case and asks none to lead or to help."""


def met_by_silence(
    policy: Policy, question: Question, rules: tuple[Rule, ...], space: Space, sets: dict[str, int]
) -> Iterator[PolicyFault]:
    """Yields each answer that is met by a value which stands for silence, and not without it."""
    if question.name in _MAY_REST_ON_SILENCE:
        return
    for name in space.axes:
        for rank in range(1, len(question.values)):
            met = _met_from(rank, question, rules, sets)
            lost = _without_silence(policy, space, name, met) & ~met & ~_clock_ended(question, space, name)
            if lost:
                case = as_example(f"{name} meets {question.name} by silence", space.situation(lost))
                answer = question.values[rank]
                yield PolicyFault(question.name, f"{question.name} is {answer} by silence: it rests on {name}", case)
                break


def _met_from(rank: int, question: Question, rules: tuple[Rule, ...], sets: dict[str, int]) -> int:
    """Returns where a rule gives that answer or a higher one; an age that keeps a case out is looked at elsewhere."""
    values = question.values[rank:]
    return union(sets[rule.id] for rule in rules if rule.value in values and not rule.exclusion)


def _without_silence(policy: Policy, space: Space, name: str, met: int) -> int:
    """Returns what the situations turn into once somebody speaks; nothing where the name never stands for silence."""
    values = space.axes[name]
    if name in SPOKEN:
        return union(space.changed(name, value, SPOKEN[name], met) for value in values if value != SPOKEN[name])
    silent = _silent_value(policy, name, values)
    if silent is None:
        return 0
    return union(space.changed(name, silent, value, met) for value in values if value != silent)


def _silent_value(policy: Policy, name: str, values: tuple[Fact, ...]) -> Fact:
    """Returns the value of the axis that stands for the silence of the fact; None when nothing does."""
    if name not in policy.facts:
        return None
    unsaid = False if name in NOT_RECORDED else policy.facts[name].unsaid
    if name in ENDS_OF_AGE:  # somebody whose age nobody has told is an adult meanwhile
        unsaid = policy.parameters[ADULT_AGE].value
    if isinstance(unsaid, int) and not isinstance(unsaid, bool):
        return max(value for value in values if isinstance(value, int) and value <= unsaid)
    return unsaid


def _clock_ended(question: Question, space: Space, name: str) -> int:
    """Returns where the end of MARAC's clock asks MARAC, as it must: abuse was reported and nobody answered."""
    if question.name != "marac" or name != "marac_unanswered" or "abuse_reported" not in space.axes:
        return 0
    return space.where_value("abuse_reported", (True,))
