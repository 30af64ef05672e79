"""Builds the responses about assessments."""

from collections.abc import Sequence

from app.referrals.assessments.schemas import AssessmentOut, AssessmentReviewOut, AssessmentsOut
from app.referrals.models import AssessmentReview, Referral
from app.referrals.statements.reports import ReportedAssessment, as_assessment
from app.routing.facts.risk import current_grade


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
    assessment = reported.assessment
    of_report = [row for row in reviews if (row.incident_id or row.referral_id) == reported.report]
    return AssessmentOut(
        incident_id=None if reported.report == referral.id else reported.report,
        author=reported.author,
        reported_at=reported.reported_at,
        tool=assessment.tool,
        ticks=assessment.ticks,
        unanswered=assessment.unanswered,
        grade=current_grade(as_assessment(assessment)),
        judged_high=assessment.judged_high,
        reviews=[AssessmentReviewOut.model_validate(row) for row in of_report],
    )
