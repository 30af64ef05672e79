"""Receives the grade that a named person sets for a report, and has the case decided anew."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category
from app.foundation.web.idempotency import OperationResult
from app.intake.answer.presenters import routed_result
from app.intake.answer.schemas import Expand, RoutedOut
from app.intake.case_reviews.review_prompts import prompt_owners_in_other_areas
from app.intake.service import RoutingTrigger, route
from app.referrals.assessments.schemas import AssessmentReviewRequest
from app.referrals.assessments.service import store_assessment_review
from app.referrals.lookup import find_case, find_referral

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.post(
    "/referrals/{referral_id}/assessment-reviews",
    operation_id="reviewAssessment",
    status_code=201,
    response_model=RoutedOut,
    summary="Set the grade of one report, as a named person who has reviewed it",
)
def review_assessment(
    referral_id: str, sent: AssessmentReviewRequest, call: Writing, expand: Expand = None
) -> Response:
    """The only way to lower a grade. It needs the person, in `X-On-Behalf-Of`, and the reason.

    It is the grade of that report only, by whichever author; the next report is reviewed anew. A grade below HIGH also
    replaces the judgement that the risk is high. Ticks and dangers stay as they were reported.
    """

    def act() -> OperationResult:
        referral = find_referral(call.session, referral_id)
        with call.as_system() as session:
            review = store_assessment_review(call.tx, referral, sent)
            trigger = RoutingTrigger(f"{review.reviewed_by} set the grade {review.grade}: {review.reason}")
            case = find_case(session, referral.case_id)
            routed = route(call.tx, referral, case, trigger)
            prompt_owners_in_other_areas(call.tx, case)
            return routed_result(call, routed, Category.ALTERATION, expand)

    return call.once(sent, act)
