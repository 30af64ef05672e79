"""Receives incidents from any agency with a part in a case, and the grade it sets for its own report of one.

The agency never sees the referral.

Source: DHR "Jean" 14.1.22: what the victim told one agency was not passed on and changed nothing.
"""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake import service
from app.intake.case_access import refuse_without_part_in_case
from app.intake.case_reviews.review_prompts import prompt_owners_in_other_areas
from app.intake.schemas import IncidentReceived, OwnReportReviewed
from app.intake.service import RoutingTrigger
from app.referrals.assessments.schemas import AssessmentReviewRequest, OwnAssessmentReview
from app.referrals.assessments.service import store_assessment_review
from app.referrals.lookup import find_case, find_own_report
from app.referrals.repositories.case_repository import case_by_id
from app.referrals.repositories.report_repository import latest_referral_of
from app.referrals.schemas.requests import IncidentRequest

router = APIRouter(prefix="/v1", tags=["cases"])


@router.post(
    "/cases/{case_id}/incidents",
    operation_id="addCaseIncident",
    status_code=201,
    response_model=IncidentReceived,
    summary="Add an incident to a case that your agency has a part in",
)
def add_case_incident(case_id: str, sent: IncidentRequest, call: Writing) -> Response:
    """Records the incident, decides the case anew and tells its owners. Another agency may have made the referral."""

    def act() -> OperationResult:
        refuse_without_part_in_case(call.session, case_id)
        # The agency has a part in the case; its referral and incidents are still not the agency's to see.
        with call.as_system() as session:
            case, referral = case_by_id(session, case_id), latest_referral_of(session, case_id)
            assert case is not None  # noqa: S101 - its rows were seen a moment ago
            assert referral is not None  # noqa: S101 - a case begins with a referral
            routed = service.receive_incident(call.tx, referral, case, sent)
            record_act(call.tx, Category.ALTERATION, "case", case.id)
        received = IncidentReceived(
            case_id=case_id,
            incident_id=str(routed.incident_id),
            incident_recorded_at=call.now,
            deceased=routed.deceased,
            retracted=list(routed.learned.retracted),
        )
        return OperationResult(status=201, body=received.model_dump(mode="json"))

    return call.once(sent, act)


@router.post(
    "/cases/{case_id}/incidents/{incident_id}/assessment-reviews",
    operation_id="reviewOwnAssessment",
    status_code=201,
    response_model=OwnReportReviewed,
    summary="Set the grade of a report that your own agency made, as a named person who has reviewed it",
)
def review_own_assessment(case_id: str, incident_id: str, sent: OwnAssessmentReview, call: Writing) -> Response:
    """Ticks and dangers stay as they were reported. The author, the hub and MARAC grade a report, and nobody else.

    The person is named in `X-On-Behalf-Of`.
    """

    def act() -> OperationResult:
        refuse_without_part_in_case(call.session, case_id)
        with call.as_system() as session:
            referral = find_own_report(session, case_id, incident_id, call.tx.caller.agency)
            request = AssessmentReviewRequest(grade=sent.grade, reason=sent.reason, incident_id=incident_id)
            review = store_assessment_review(call.tx, referral, request)
            trigger = RoutingTrigger(f"{review.reviewed_by} set the grade {review.grade}: {review.reason}")
            case = find_case(session, case_id)
            service.route(call.tx, referral, case, trigger)
            prompt_owners_in_other_areas(call.tx, case)
            record_act(call.tx, Category.ALTERATION, "case", case_id)
        done = OwnReportReviewed(
            case_id=case_id, incident_id=incident_id, grade=sent.grade, reviewed_at=review.reviewed_at
        )
        return OperationResult(status=201, body=done.model_dump(mode="json"))

    return call.once(sent, act)
