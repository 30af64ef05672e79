"""Shows the assessments of a referral over HTTP. `intake` receives their reviews, because a review decides anew."""

from fastapi import APIRouter

from app.access.calls import Reading
from app.audit.service import Category, record_act
from app.referrals.assessments.presenters import assessments_out
from app.referrals.assessments.schemas import AssessmentsOut
from app.referrals.before_contact.perpetrators_side import works_for_perpetrator
from app.referrals.lookup import find_referral
from app.referrals.repositories import report_repository
from app.referrals.statements.gathering import known_facts

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.get(
    "/referrals/{referral_id}/assessments",
    operation_id="listAssessments",
    summary="The assessment of each report of a referral, by its author",
)
def list_assessments(referral_id: str, call: Reading) -> AssessmentsOut:
    """The referral is a report, and so is each incident that was added later. Every report keeps its own assessment.

    An agency that supervises the perpetrator reads its own reports only.
    """
    referral = find_referral(call.session, referral_id)
    record_act(call.tx, Category.CONSULTATION, "referral", referral.id)
    with call.as_system() as session:
        reports = known_facts(session, referral).reports
        if works_for_perpetrator(call, referral.id):
            reports = tuple(one for one in reports if one.author == call.caller.agency)
        reviews = report_repository.assessment_reviews_of(session, [referral.id], None)
    # Another area's reports of the same two people count in a decision, and are that area's to show.
    seen = report_repository.reports_seen(call.session, [one.report for one in reports])
    reports = tuple(one for one in reports if one.report in seen)
    return assessments_out(referral, reports, reviews)
