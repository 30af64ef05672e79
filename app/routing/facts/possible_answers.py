"""Which answers are possible, given what is on record: nobody unticks a box, and a count is not below our records."""

from datetime import datetime

from app.routing.facts.dates import utc
from app.routing.facts.incident_counts import CountRule, CountScope, count_incidents
from app.routing.facts.reports.current import current_reports
from app.routing.facts.risk import settled_ticks, tick_threshold
from app.routing.facts.serial_victims import distinct_victims
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.parameters import Parameters
from app.routing.policy.vocabulary import AssessmentTool

QUESTIONS = {AssessmentTool.DASH24: 24, AssessmentTool.DASH27: 27}
MOST_QUESTIONS = max(QUESTIONS.values())
_ANY = 0  # a count that is over this threshold is known, whatever other records hold


def possible_answers(
    case: CaseSnapshot, instant: datetime, parameters: Parameters
) -> dict[str, tuple[int, int | None]]:
    """Returns the least and the most that each count can be; None: our records set no upper bound."""
    at = utc(instant)
    counts = {
        "incidents_in_window": _incidents(case, at, parameters, "escalation_months"),
        "incidents_for_hub": _incidents(case, at, parameters, "hub_review_months"),
        "victims_in_window": distinct_victims(case, at, parameters.number("matac_serial_months"), _ANY),
    }
    return {**_of_forms(case, at, parameters), **{name: (count or 0, None) for name, count in counts.items()}}


def _incidents(case: CaseSnapshot, at: datetime, parameters: Parameters, months: str) -> int | None:
    scope = CountScope(parameters.word("incident_count_scope")) if months == "escalation_months" else CountScope.DYAD
    return count_incidents(case, at, CountRule(parameters.number(months), scope, _ANY))


def _of_forms(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, tuple[int, int | None]]:
    """Returns what the forms that leave a question open allow: an unanswered one can turn out ticked or not."""
    current = current_reports(case.reports, at, parameters.number("repeat_months"))
    forms = [one.assessment for one in current if one.assessment.ticks is not None]
    left_open = [one for one in forms if settled_ticks(one, tick_threshold(one.tool, parameters)) is None]
    if not left_open:
        return {}
    least = min(one.ticks or 0 for one in left_open)
    most = max(_most(one) for one in left_open)
    unanswered = max(_asked(one) - (one.ticks or 0) for one in left_open)
    return {"ticks": (least, most), "unanswered": (0, unanswered)}


def _most(form: Assessment) -> int:
    return _asked(form) if form.unanswered is None else min(_asked(form), (form.ticks or 0) + form.unanswered)


def _asked(form: Assessment) -> int:
    return QUESTIONS.get(form.tool or AssessmentTool.OTHER, MOST_QUESTIONS)
