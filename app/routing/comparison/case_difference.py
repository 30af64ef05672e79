"""Decides again on the facts of a stored decision under another policy, and says what differs.

It is for the people who approve a policy: nothing is stored and no case is routed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.engine.decide import decide
from app.routing.policy.grammar import FLAG, NUMBER
from app.routing.policy.parameters import ADULT_AGE, ENDS_OF_AGE, parameter_values
from app.routing.policy.types import Fact, FactType, Policy
from app.routing.record.decision import RoutingDecision

_ANSWERS = ("marac", "matac", "mappa", "review")


@dataclass(frozen=True, slots=True)
class DecisionChange:
    """One answer that the other policy gives differently."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class CaseDifference:
    """What differs on one set of facts. `hearings`: +1, 0 or -1 MARAC hearings."""

    changes: tuple[DecisionChange, ...]
    hearings: int
    duties_gained: tuple[str, ...]
    duties_lost: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether the two policies agree on these facts."""
        return not (self.changes or self.duties_gained or self.duties_lost)


def compare_decision(was: RoutingDecision, policy: Policy, facts: Mapping[str, Fact]) -> CaseDifference:
    """Returns what the policy decides differently from the decision `was`. Raises FactErrors when it cannot decide."""
    now = decide(policy, facts)
    changes = [DecisionChange(name, was.outcomes[name], now.outcomes[name]) for name in _ANSWERS]
    changes += [
        DecisionChange("victim_lead", was.victim.forum, now.victim.forum),
        DecisionChange("perpetrator_lead", was.perpetrator.forum, now.perpetrator.forum),
    ]
    before, after = ({duty.id: None for duty in each.duties} for each in (was, now))
    return CaseDifference(
        tuple(each for each in changes if each.was != each.now),
        (now.outcomes["marac"] == "yes") - (was.outcomes["marac"] == "yes"),
        tuple(duty for duty in after if duty not in before),
        tuple(duty for duty in before if duty not in after),
    )


def facts_for(policy: Policy, stored: Mapping[str, Fact], counted_anew: Mapping[str, Fact]) -> dict[str, Fact]:
    """Returns the facts of this policy: stored ones, those counted anew instead, and missing ones as not known."""
    known = {**stored, **counted_anew}
    return {name: known.get(name, _unstated(policy, fact)) for name, fact in policy.facts.items()}


def _unstated(policy: Policy, fact: FactType) -> Fact:
    """Returns what stands for a fact of our own records that did not exist then: no, or the lowest count.

    The ends of an age are those of an adult until somebody states it. Any other fact is not known.
    """
    if fact.recorded and fact.name in ENDS_OF_AGE:
        return policy.parameters[ADULT_AGE].value
    own = {FLAG: False, NUMBER: fact.low}
    return own.get(fact.kind) if fact.recorded else None


def counted_differently(under_old: Mapping[str, Fact], under_new: Mapping[str, Fact]) -> dict[str, Fact]:
    """Returns the facts of the new policy that have another value than those of the old one."""
    return {name: value for name, value in under_new.items() if under_old.get(name) != value}


def same_parameters(one: Policy, other: Policy) -> bool:
    """Returns whether the policies have the same parameters and dated law, so that their facts are derived alike."""
    return parameter_values(one) == parameter_values(other) and one.law == other.law
