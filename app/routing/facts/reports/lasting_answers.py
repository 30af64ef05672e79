"""What was looked up of a case and met its threshold stands after later reports, until its window has passed.

An answer under the threshold says nothing of what came since: it counts for its own report, and the next one asks anew.
That no order was broken stands until the form of a later report tells of a breach.
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


BREACH = "order_breached"
COUNTED: Mapping[str, _Counted] = {
    "incidents_in_window": _Counted("escalation_months", "escalation_incidents"),
    "incidents_for_hub": _Counted("hub_review_months", "hub_review_incidents"),
    "victims_in_window": _Counted("matac_serial_months", "matac_serial_victims"),
    "repeat": _Counted("repeat_months", None),
    # [I] As long as the answer that tells of it is read.
    BREACH: _Counted("repeat_months", None),
}


def lasting_answers(
    case: CaseSnapshot, known: Mapping[str, Fact], at: datetime, parameters: Parameters
) -> dict[str, Fact]:
    """Returns the earlier answers that still stand and say more than what is known without them."""
    return {
        answer.fact: answer.value
        for answer in case.answered_earlier
        if answer.fact in COUNTED
        and (_stands(answer, COUNTED[answer.fact], at, parameters) or _nothing_broken_since(case, answer))
        and _says_more(answer.value, known[answer.fact])
    }


def _stands(answer: EarlierAnswer, counted: _Counted, at: datetime, parameters: Parameters) -> bool:
    in_window = months_before(london_date(at), parameters.number(counted.months)) <= london_date(answer.answered_at)
    met = answer.value is True if counted.threshold is None else answer.value >= parameters.number(counted.threshold)  # type: ignore[operator]
    return in_window and met


def _nothing_broken_since(case: CaseSnapshot, answer: EarlierAnswer) -> bool:
    reports = (one for one in case.reports if one.assessment.broken_order_in_answers)
    return answer.fact == BREACH and not answer.value and all(one.reported_at <= answer.answered_at for one in reports)


def _says_more(answered: Fact, known: Fact) -> bool:
    """Returns whether the answer adds to what is on record: a date on record tells more of a repeat than a yes does."""
    if known is None:
        return True
    return isinstance(answered, int) and not isinstance(answered, bool) and answered > known  # type: ignore[operator]
