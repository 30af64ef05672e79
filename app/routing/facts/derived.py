"""Derives the facts that rules read from a snapshot; a fact that is not known is None.

Rules see a referral only through these facts. The instant and the parameters are arguments, so the same
snapshot always gives the same facts.
"""

from collections.abc import Mapping
from datetime import datetime

from app.routing.facts.contact import contact_facts
from app.routing.facts.dates import utc
from app.routing.facts.perpetrator import perpetrator_facts
from app.routing.facts.reports.current import with_current_reports
from app.routing.facts.risk import risk_facts
from app.routing.facts.safety import safety_facts
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.status import status_facts
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact, Value


def derive(case: CaseSnapshot, instant: datetime, parameters: Mapping[str, Value]) -> dict[str, Fact]:
    """Returns every fact of the policy at that instant. None is "not known"; no fact is missing.

    `instant` carries its zone, or ValueError. `parameters` are the values of the policy that decides.
    """
    at = utc(instant)
    typed = Parameters(parameters)
    case = with_current_reports(case, at, typed)
    reported = {
        **risk_facts(case, at, typed),
        **perpetrator_facts(case, at, typed),
        **status_facts(case, at),
        **safety_facts(case, at),
        **contact_facts(case, at),
    }
    return reported | _answered(case, reported)


def _answered(case: CaseSnapshot, reported: Mapping[str, Fact]) -> dict[str, Fact]:
    """Returns what enquiries answered of the facts that the reports leave open: what a report says goes first."""
    return {name: value for name, value in case.answered if name in reported and reported[name] is None}
