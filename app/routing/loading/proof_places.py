"""Finds the line of a fault that the proof names by a rule, a row, a duty, a question or a fact."""

from collections.abc import Mapping

from app.routing.policy.faults import Faults
from app.routing.policy.types import Policy


class ProofPlaces:
    """The lines of a policy, and those of the policy that it extends, where it extends one."""

    def __init__(self, own: Faults, policy: Policy, base: tuple[Faults, Policy] | None = None) -> None:
        self._own, self._departures = own, [departure.id for departure in policy.departures]
        self._base = base[0] if base else None
        self._parts = [_what_parts_do(one) for one in (policy, *((base[1],) if base else ()))]

    def of(self, named: str) -> str:
        """Returns `file:line` of what is named, else of what departs from a part that does it, else in the base."""
        found = _line(self._own, named) or self._line_of_departure(named)
        if found is None and self._base is not None:
            found = _line(self._base, named)
        return found or self._own.file

    def _line_of_departure(self, named: str) -> str | None:
        departed = (name for name in self._departures if any(named in parts.get(name, ()) for parts in self._parts))
        return next((line for name in departed if (line := _line(self._own, name)) is not None), None)


def _what_parts_do(policy: Policy) -> Mapping[str, frozenset[str]]:
    """Returns for each rule the question that it answers and what it reads, and for each review that it `screens`."""
    rules = {rule.id: frozenset({rule.outcome, *(condition.left for condition in rule.when)}) for rule in policy.rules}
    return rules | {duty.id: frozenset({"screens"}) for duty in policy.duties if duty.screens}


def _line(faults: Faults, named: str) -> str | None:
    place = faults.place(f'"{named}"')
    return None if place == faults.file else place
