"""What must be true of a policy as a whole, before its situations are proved one by one."""

from collections import Counter
from collections.abc import Iterator

from app.routing.faults import Faults
from app.routing.types import Policy


def check_whole(policy: Policy, faults: Faults) -> None:
    """Adds a fault for each id used twice, departure nobody can trace, idle unknown or waiting rescue."""
    for repeated in (one for one, times in Counter(_ids(policy)).items() if times > 1):
        faults.add(repeated, f"the id {repeated} is used more than once")
    _check_departures(policy, faults)
    _check_unknowns(policy, faults)
    for duty in policy.duties:
        if duty.life_safety and duty.waits:
            faults.add(duty.id, f"{duty.id} is about life and may not wait until a fact is known")


def _ids(policy: Policy) -> Iterator[str]:
    for part in (policy.rules, policy.victim_rows, policy.perpetrator_rows, policy.supports):
        yield from (each.id for each in part)
    yield from (duty.id for duty in policy.duties)
    yield from (warning.id for warning in policy.warnings)


def _check_departures(policy: Policy, faults: Faults) -> None:
    for departure in policy.departures:
        if departure.source not in policy.sources:
            faults.add(departure.id, f"{departure.id} cites '{departure.source}', which is not a source")


def _check_unknowns(policy: Policy, faults: Faults) -> None:
    """A fact is a record of our own, or there is a question for it and somebody who finds it out."""
    for name, fact in policy.facts.items():
        if not fact.recorded and (fact.find_out is None or not fact.ask):
            faults.add(name, f"{name} may be unknown and nobody is asked to find it out")
