"""From a snapshot to facts: every fact of the policy, with what is not known stated as None.

The one crossing between what a referral says and what rules may look at. The instant and the
policy's figures are arguments, so the same snapshot gives the same facts for ever.
"""

from collections.abc import Mapping
from datetime import datetime

from app.routing.facts.dates import utc
from app.routing.facts.perpetrator import perpetrator_facts
from app.routing.facts.risk import risk_facts
from app.routing.facts.safety import safety_facts
from app.routing.facts.snapshot import CaseSnapshot
from app.routing.facts.status import status_facts
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact, Value


def derive(case: CaseSnapshot, instant: datetime, parameters: Mapping[str, Value]) -> dict[str, Fact]:
    """Every fact of the policy at that instant; unknown is None and no key is ever missing.

    `instant` must carry its zone; `parameters` are the values of the policy that will decide.
    """
    at = utc(instant)
    figures = Parameters(parameters)
    return {
        **risk_facts(case, at, figures),
        **perpetrator_facts(case, at, figures),
        **status_facts(case, at),
        **safety_facts(case, at),
    }
