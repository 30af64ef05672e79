"""Builds the responses about assessments."""

from collections.abc import Sequence

from app.referrals.assessments.schemas import AssessmentOut, AssessmentReviewOut, AssessmentsOut, ScoresOut
from app.referrals.models import AssessmentReview, Referral
from app.referrals.statements.reports import ReportedAssessment, as_assessment
from app.routing.facts.answers.reading import scores_of
from app.routing.facts.risk import current_grade
from app.routing.facts.snapshot.assessment import Assessment


def assessments_out(
    referral: Referral, reports: Sequence[ReportedAssessment], reviews: Sequence[AssessmentReview]
) -> AssessmentsOut:
    """Returns the reports of this referral, each with its reviews."""
    return AssessmentsOut(
        items=[_assessment_out(one, referral, reviews) for one in reports if one.referral == referral.id]
    )


def _assessment_out(
    reported: ReportedAssessment, referral: Referral, reviews: Sequence[AssessmentReview]
) -> AssessmentOut:
    assessment = as_assessment(reported.assessment)
    of_report = [row for row in reviews if (row.incident_id or row.referral_id) == reported.report]
    return AssessmentOut(
        incident_id=None if reported.report == referral.id else reported.report,
        author=reported.author,
        reported_at=reported.reported_at,
        tool=assessment.tool,
        completed_on=assessment.completed_on,
        by_role=assessment.by_role,
        source=assessment.source,
        answers=dict(assessment.answers),
        sdash=dict(assessment.sdash),
        scores=_scores_out(assessment),
        ticks=assessment.ticks,
        unanswered=assessment.unanswered,
        grade=current_grade(assessment),
        judged_high=assessment.judged_high,
        reviews=[AssessmentReviewOut.model_validate(row) for row in of_report],
    )


def _scores_out(assessment: Assessment) -> ScoresOut | None:
    if not assessment.answers:
        return None
    of_24, of_27 = scores_of(dict(assessment.answers))
    return ScoresOut(of_24=of_24, of_27=of_27)
