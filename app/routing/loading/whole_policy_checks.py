"""Checks what the parts of a policy must be together, before the proof examines its situations."""

from collections import Counter
from collections.abc import Iterator

from app.routing.policy.duty_ids import NAMED_IN_CODE
from app.routing.policy.faults import Faults
from app.routing.policy.mappa_requests import row_asking_mappa
from app.routing.policy.types import DutyTemplate, Policy, Silence


def check_whole_policy(policy: Policy, faults: Faults) -> None:
    """Adds the faults of ids, departures, facts that nobody finds out, and duties that are missing or wait."""
    for repeated in (one for one, times in Counter(_ids(policy)).items() if times > 1):
        faults.add(repeated, f"the id {repeated} is used more than once")
    _check_departures(policy, faults)
    _check_unknowns(policy, faults)
    _check_waiting_duties(policy, faults)
    _check_named_duties(policy, faults)
    _check_mappa_is_asked(policy, faults)


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
    """Checks that a fact is our own record, is not so in silence, or has a question and a role that asks it."""
    for name, fact in policy.facts.items():
        settled = fact.recorded or fact.silence is Silence.NO
        if not settled and (fact.find_out is None or not fact.ask):
            faults.add(name, f"{name} may be unknown and nobody is asked to find it out")


def _check_named_duties(policy: Policy, faults: Faults) -> None:
    """Checks that each duty that code treats in its own way is there: else the code would look for nothing."""
    for missing in sorted(NAMED_IN_CODE - {duty.id for duty in policy.duties}):
        faults.add("", f"the duty {missing} is missing; the service looks for it by its id")


def _check_mappa_is_asked(policy: Policy, faults: Faults) -> None:
    """Checks that a row asks MAPPA level 2: an agency's referral gives MAPPA as long to answer as that row does."""
    if row_asking_mappa(policy) is None:
        faults.add("", "no row of perpetrator_lead asks MAPPA level 2; the service looks there for the time to answer")


def _check_waiting_duties(policy: Policy, faults: Faults) -> None:
    """Checks that a duty about life waits for facts only where another arises whenever it could be owed."""
    by_id = {duty.id: duty for duty in policy.duties}
    for duty in policy.duties:
        if duty.life_safety and duty.waits:
            faults.add(duty.id, f"{duty.id} is about life and may not wait until a fact is known")
        elif duty.life_safety and duty.waits_for:
            stand_in = by_id.get(duty.stand_in)
            if stand_in is None or not _stands_in(stand_in, duty):
                faults.add(duty.id, f"{duty.id} is about life and waits, and no duty stands in for it meanwhile")


def _stands_in(stand_in: DutyTemplate, duty: DutyTemplate) -> bool:
    """Returns whether the other duty waits for nothing and arises whenever this one could be owed."""
    if not stand_in.life_safety or stand_in.waits or stand_in.waits_for:
        return False
    without = [{c for c in group if c.left not in duty.waits_for} for group in duty.when_any]
    return all(any(set(other) <= group for other in stand_in.when_any) for group in without)
