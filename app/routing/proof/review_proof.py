"""Proves that an open question ends (L1): the hub reviews every report that needs it, and every clock runs out soon.

Where no review is owed nobody looks anything up, and what is not known is read as no. So a policy may leave a report
unreviewed only where it is graded STANDARD, without a sign of danger, and nothing about MARAC is open.
"""

from collections.abc import Iterator

from app.routing.policy.faults import PolicyFault
from app.routing.policy.outcomes import OPEN, QUESTIONS
from app.routing.policy.situation_space import Space
from app.routing.policy.types import ClockEnd, Condition, DueRule, DueUnit, Fact, Policy
from app.routing.proof.counterexamples import as_example
from app.routing.proof.rule_spaces import axis, union

NEEDS_REVIEW: tuple[tuple[str, tuple[Fact, ...]], ...] = (
    ("grade", (None, "MEDIUM", "HIGH")),
    ("red_flag", (True,)),
    ("order_breached", (True,)),
    ("bail_breach_suspected", (True,)),
    ("marac", (OPEN,)),
)
"""What each by itself makes the hub's review of a report owed."""

REVIEW_HOURS = 24
"""The longest clock of a review and of MARAC's question. Source: DHR "Jean", 14.1.15: a form was read 14 days late."""

LADDER_HOURS = 7 * 24
"""The longest clock of a question that climbs to a named post: a week, in which a report is still news."""

_HOURS = {
    DueUnit.AT_ONCE: 0,
    DueUnit.HOURS: 1,
    DueUnit.SAME_DAY: 24,
    DueUnit.DAYS: 24,
    DueUnit.WEEKS: 168,
    DueUnit.MONTHS: 744,
}
_WORKING_DAY = 24
_DAYS_OFF = 4 * 24  # from Thursday before Easter to Tuesday no day is worked


def prove_reviews(policy: Policy) -> tuple[str, int, tuple[PolicyFault, ...]]:
    """Returns what is examined, in how many situations, and the faults."""
    space = Space({name: axis(policy, name, ()) for name, _ in NEEDS_REVIEW})
    reviewed = union(space.where_all(when) for when in _always_reviewed(policy, space))
    needed = union(space.where_value(name, values) for name, values in NEEDS_REVIEW)
    faults = [*_late_reviews(policy), *_clocks(policy)]
    if missed := needed & ~reviewed:
        situation = {name: value for name, value in space.situation(missed).items() if name in policy.facts}
        case = as_example("a report that nobody reviews", situation)
        faults.append(PolicyFault("screens", "nobody reviews a report that the hub must review", case))
    return "review of a report", space.size, tuple(faults)


def _always_reviewed(policy: Policy, space: Space) -> Iterator[tuple[Condition, ...]]:
    """Yields the ways to a review that rest on nothing but the grounds: what rests on more may not be there."""
    ways = (when for duty in policy.duties if duty.screens for when in duty.when_any)
    return (when for when in ways if all(condition.left in space.axes for condition in when))


def _late_reviews(policy: Policy) -> Iterator[PolicyFault]:
    for duty in (each for each in policy.duties if each.screens):
        if not ends_within(duty.due, REVIEW_HOURS):
            case = as_example(f"{duty.id} is owed", {})
            yield PolicyFault(duty.id, f"{duty.id} reviews a report later than after {REVIEW_HOURS} hours", case)


def _clocks(policy: Policy) -> Iterator[PolicyFault]:
    """Yields what is wrong with the end of each question that may be open."""
    for question in (each for each in QUESTIONS if each.may_be_open):
        name, outcome = question.name, policy.outcomes[question.name]
        marac = name == "marac"
        hours = REVIEW_HOURS if marac else LADDER_HOURS
        if (outcome.clock_end is ClockEnd.ASKED) is not marac:
            # Only MARAC is asked on what nobody answered; a person of whom nothing is known is led by nobody.
            end = "asked" if marac else "escalated"
            case = as_example(f"{name} is open", {f"{name}_unanswered": True} if marac else {})
            yield PolicyFault(name, f"{name} must be {end} when its clock ends", case)
        if outcome.open_clock is None or not ends_within(outcome.open_clock, hours):
            yield PolicyFault(name, f"{name} may be open for {hours} hours at most", as_example(f"{name} is open", {}))


def ends_within(due: DueRule, hours: int) -> bool:
    """Returns whether the rule runs from the decision and ends within so many hours at the latest, counted by clock."""
    # A report is made before the decision on it, so that what counts from it ends no later.
    if due.counted_from not in {"decision", "reporting"}:
        return False
    if due.unit is DueUnit.WORKING_DAYS:
        return due.amount * _WORKING_DAY + _DAYS_OFF <= hours
    return due.unit in _HOURS and max(due.amount, 1) * _HOURS[due.unit] <= hours
