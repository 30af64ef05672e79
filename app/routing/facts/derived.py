"""Derives the facts that rules read from a snapshot; a fact that is not known is None.

Rules see a referral only through these facts. The instant and the parameters are arguments, so the same
snapshot always gives the same facts.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.routing.facts.contact.contact_facts import contact_facts
from app.routing.facts.dates import london_date, utc
from app.routing.facts.perpetrator import perpetrator_facts
from app.routing.facts.reports.current import with_current_reports
from app.routing.facts.reports.lasting_answers import lasting_answers
from app.routing.facts.risk import risk_facts
from app.routing.facts.safety import safety_facts
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.status import status_facts
from app.routing.law.local import facts_of_law
from app.routing.policy.grammar import NUMBER
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import DatedLine, Fact, FactType, Policy, Value


def facts_of(policy: Policy, case: CaseSnapshot, instant: datetime) -> dict[str, Fact]:
    """Returns every fact of the policy at that instant, each number within the limits that the policy gives it.

    A count or a wait over its limit is the limit: no rule tells the two apart, and each is a least number.
    """
    found = derive(case, instant, parameter_values(policy), policy.law)
    return {name: _within_limits(policy.facts[name], value) for name, value in found.items()}


def derive(
    case: CaseSnapshot, instant: datetime, parameters: Mapping[str, Value], law: Iterable[DatedLine] = ()
) -> dict[str, Fact]:
    """Returns every fact of the policy at that instant. None is "not known"; no fact is missing.

    `instant` carries its zone, or ValueError. `parameters` and `law` are those of the policy that decides.
    """
    at = utc(instant)
    typed = Parameters(parameters)
    case = with_current_reports(case, at, typed)
    reported = {
        **risk_facts(case, at, typed),
        **perpetrator_facts(case, at, typed),
        **status_facts(case, at),
        **safety_facts(case, at, typed),
        **contact_facts(case, at),
        **facts_of_law(law, london_date(at)),
    }
    known = reported | _answered(case, reported)
    return known | lasting_answers(case, known, at, typed)


def _within_limits(fact: FactType, value: Fact) -> Fact:
    if fact.kind != NUMBER or not isinstance(value, int):
        return value
    return min(max(value, fact.low), fact.high)


def _answered(case: CaseSnapshot, reported: Mapping[str, Fact]) -> dict[str, Fact]:
    """Returns what enquiries answered of the facts that the reports leave open: what a report says goes first."""
    return {name: value for name, value in case.answered if name in reported and reported[name] is None}
