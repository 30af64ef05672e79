"""Checks what the parts of a policy must be together, before the proof examines its situations."""

from collections import Counter
from collections.abc import Iterator

from app.routing.policy.conditions import UNKNOWN
from app.routing.policy.duty_ids import NAMED_IN_CODE
from app.routing.policy.faults import Faults
from app.routing.policy.grammar import FLAG
from app.routing.policy.mappa_requests import row_asking_mappa
from app.routing.policy.parameters import LIMITS_OF_FACT
from app.routing.policy.types import Condition, Policy

PROVED_BY_NAME = {
    "fact": (
        "grade",
        "red_flag",
        "order_breached",
        "bail_breach_suspected",
        "mappa_level",
        "in_custody",
        "perpetrator_known",
        "victim_youngest",
        "victim_oldest",
        "perpetrator_youngest",
        "perpetrator_oldest",
        "perpetrator_too_young",
        "victim_voice_at_mappa",
    ),
    "param": ("child_victim_age", "adult_age", "marac_hears_when_mappa_l23"),
}
"""The facts and parameters that the proof reads by name: it could prove nothing of a policy without them."""

READ_VALUES = {"grade": ("STANDARD", "MEDIUM", "HIGH"), "mappa_level": ("not_managed", "1", "2", "3")}
"""The values that the proof reads by name. Nobody knows a grade before somebody gives it: nothing may stand for it."""


def check_whole_policy(policy: Policy, faults: Faults) -> None:
    """Adds the faults of ids and departures, and of duties and rows that the service looks for and that are missing."""
    for repeated in (one for one, times in Counter(_ids(policy)).items() if times > 1):
        faults.add(repeated, f"the id {repeated} is used more than once")
    _check_departures(policy, faults)
    _check_named_duties(policy, faults)
    _check_mappa_is_asked(policy, faults)
    _check_age_limits(policy, faults)
    for section, held in (("fact", policy.facts), ("param", policy.parameters)):
        for missing in (name for name in PROVED_BY_NAME[section] if name not in held):
            faults.add(f"[{section}]", f"[{section}] lacks {missing}, which the proof reads by its name")
    _check_read_values(policy, faults)


def _check_read_values(policy: Policy, faults: Faults) -> None:
    for fact in (policy.facts[name] for name in READ_VALUES if name in policy.facts):
        if fact.values != READ_VALUES[fact.name]:
            faults.add(
                fact.name, f"the values of {fact.name} must be {', '.join(READ_VALUES[fact.name])}, in this order"
            )
    for flag in (policy.facts.get(name) for name in ("red_flag", "order_breached", "bail_breach_suspected")):
        if flag is not None and flag.kind != FLAG:
            faults.add(flag.name, f"{flag.name} must be a flag: it is raised or it is not")
    grade = policy.facts.get("grade")
    if grade is not None and not grade.may_be_unknown:
        faults.add("grade", "nothing may stand for a grade that nobody gave: it is asked for, and has no `meanwhile`")


def _ids(policy: Policy) -> Iterator[str]:
    for part in (policy.rules, policy.victim_rows, policy.perpetrator_rows, policy.supports):
        yield from (each.id for each in part)
    yield from (duty.id for duty in policy.duties)
    yield from (warning.id for warning in policy.warnings)
    yield from (line.id for line in policy.law)


def _check_departures(policy: Policy, faults: Faults) -> None:
    for departure in policy.departures:
        if departure.source not in policy.sources:
            faults.add(departure.id, f"{departure.id} cites '{departure.source}', which is not a source")


def _check_named_duties(policy: Policy, faults: Faults) -> None:
    """Checks that each duty that code treats in its own way is there: else the code would look for nothing."""
    for missing in sorted(NAMED_IN_CODE - {duty.id for duty in policy.duties}):
        faults.add(f'"{missing}"', f"the duty {missing} is missing; the service looks for it by its id")


def _check_mappa_is_asked(policy: Policy, faults: Faults) -> None:
    """Checks that a row asks MAPPA level 2: an agency's referral gives MAPPA as long to answer as that row does."""
    if row_asking_mappa(policy) is None:
        faults.add("", "no row of perpetrator_lead asks MAPPA level 2; the service looks there for the time to answer")


def _check_age_limits(policy: Policy, faults: Faults) -> None:
    """Checks that each age is compared with a limit that code knows: the age is known only while no limit is open."""
    for part, condition in _conditions(policy):
        limits = LIMITS_OF_FACT.get(condition.left)
        if limits is not None and condition.operator != UNKNOWN and condition.param not in limits:
            faults.add(part, f"{part} compares {condition.left} with no limit of age; name one of {', '.join(limits)}")


def _conditions(policy: Policy) -> Iterator[tuple[str, Condition]]:
    """Yields every condition on facts, with the id of its part."""
    yield from ((rule.id, condition) for rule in policy.rules for condition in rule.when)
    yield from ((support.id, condition) for support in policy.supports for condition in support.when)
    yield from ((warning.id, condition) for warning in policy.warnings for condition in warning.when)
    for duty in policy.duties:
        yield from ((duty.id, condition) for condition in duty.conditions)
