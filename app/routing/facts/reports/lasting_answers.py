"""What was looked up of a case and met its threshold stands after later reports, until its window has passed.

An answer under the threshold says nothing of what came since: it counts for its own report, and the next one asks anew.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from app.routing.facts.dates import london_date, months_before
from app.routing.facts.snapshot.answers import EarlierAnswer
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact


class _Counted(NamedTuple):
    """The parameters that name the window of a count and its threshold; None: the fact is a yes or a no."""

    months: str
    threshold: str | None


COUNTED: Mapping[str, _Counted] = {
    "incidents_in_window": _Counted("escalation_months", "escalation_incidents"),
    "incidents_for_hub": _Counted("hub_review_months", "hub_review_incidents"),
    "victims_in_window": _Counted("matac_serial_months", "matac_serial_victims"),
    "repeat": _Counted("repeat_months", None),
}


def lasting_answers(
    case: CaseSnapshot, known: Mapping[str, Fact], at: datetime, parameters: Parameters
) -> dict[str, Fact]:
    """Returns the earlier answers that still stand and say more than what is known without them."""
    return {
        answer.fact: answer.value
        for answer in case.answered_earlier
        if answer.fact in COUNTED
        and _stands(answer, COUNTED[answer.fact], at, parameters)
        and _says_more(answer.value, known[answer.fact])
    }


def _stands(answer: EarlierAnswer, counted: _Counted, at: datetime, parameters: Parameters) -> bool:
    in_window = months_before(london_date(at), parameters.number(counted.months)) <= london_date(answer.answered_at)
    met = answer.value is True if counted.threshold is None else answer.value >= parameters.number(counted.threshold)  # type: ignore[operator]
    return in_window and met


def _says_more(answered: Fact, known: Fact) -> bool:
    """Returns whether the answer adds to what is on record: a date on record tells more of a repeat than a yes does."""
    if known is None:
        return True
    return isinstance(answered, int) and not isinstance(answered, bool) and answered > known  # type: ignore[operator]
