"""Facts about a risk form: who answered it and when, what was not asked, and what its answers raise."""

from datetime import datetime

from app.routing.facts.answers.reading import SETTLED
from app.routing.facts.dates import london_date
from app.routing.facts.events import same_person
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.three_valued import three_valued_and, three_valued_or
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import AnswerSource, DashAnswer


def controlled_after_separation(assessment: Assessment) -> bool | None:
    """Returns whether separation, control and violence come together: injury, or sexual harm."""
    injured = flag_of_question(assessment, "injured")
    violence = three_valued_or((injured, assessment.sexual_abuse))
    return three_valued_and(assessment.separation, assessment.coercive_control, violence)


def flag_of_question(assessment: Assessment, question: str) -> bool | None:
    """Returns whether the question of the form was answered yes; None where its answer is open."""
    return SETTLED.get(dict(assessment.answers).get(question, DashAnswer.NOT_ASKED))


def assessment_outdated(case: CaseSnapshot, at: datetime) -> bool | None:
    """Returns whether the form was filled in before the newest incident between the two of which this service knows."""
    completed_on = case.assessment.completed_on
    if completed_on is None:
        return None
    return any(
        completed_on < london_date(incident.occurred_at) and incident.occurred_at <= at
        for incident in case.incidents or ()
        if same_person(incident.victim_ref, case.victim.ref) is not False
        and same_person(incident.perpetrator_ref, case.perpetrator.ref) is not False
    )


def _not_asked_beside_form(assessment: Assessment) -> bool:
    """Returns whether a form was answered and what it has no question for was not asked beside it."""
    beside = (assessment.honour_based, assessment.forced_marriage, assessment.immigration_control)
    return bool(assessment.answers) and None in beside


def form_facts(case: CaseSnapshot, at: datetime) -> dict[str, Fact]:
    """Returns the facts about a form, and those that its answers raise."""
    form = case.assessment
    return {
        "controlled_after_separation": controlled_after_separation(form),
        "honour_or_forced_marriage": three_valued_or((form.honour_based, form.forced_marriage)),
        "not_asked_beside_form": _not_asked_beside_form(form),
        "answered_by_other": None if form.source is None else form.source is AnswerSource.OTHER,
        "assessment_outdated": assessment_outdated(case, at),
    }
