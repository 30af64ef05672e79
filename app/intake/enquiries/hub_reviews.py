"""Makes the hub's review of a report, given as an answer, the review of that report's assessment.

The hub may lower a grade, because a named person says why. It is the grade of one report: what another agency reported
stands beside it, and is lowered where it was reported.
"""

from collections.abc import Sequence

from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.values import invalid_answer
from app.enquiries.vocabulary import HUB_REVIEW, QuestionEnd
from app.foundation.storage.transaction import Transaction
from app.referrals.assessments.service import GivenGrade, store_grade
from app.referrals.models import Referral
from app.referrals.repositories.report_repository import referral_of_report
from app.referrals.snapshots import assessed_reports
from app.referrals.statements.gathering import known_facts
from app.routing.facts.reports.current import current_reports, disputed_assessment
from app.routing.facts.reports.precaution import GRADES
from app.routing.facts.risk import current_grade
from app.routing.facts.snapshot.assessment import AssessedReport
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import Policy
from app.vocabulary import Grade, Role

GRADE = "/assessment/officer_grade"


def refuse_lower_grade(
    tx: Transaction, enquiry: AskedEnquiry, latest: Referral, ended: Sequence[AskedQuestion], policy: Policy
) -> None:
    """Raises `Invalid` where a review would leave a higher grade standing that it was to settle, or may not lower one.

    Only the hub lowers the grade of a report by its review; a post that it was passed on to may raise it.
    """
    known = known_facts(tx.session, latest)
    months = Parameters(parameter_values(policy)).number("repeat_months")
    reports = current_reports(assessed_reports(known), tx.now, months)
    is_disputed = GRADE in disputed_assessment(reports, known.settled)
    for place, item in enumerate(ended):
        if item.fact == HUB_REVIEW and item.ended is QuestionEnd.ANSWERED:
            higher = [one for one in reports if _grade(one) > GRADES.index(Grade(str(item.value)))]
            if enquiry.role is Role.PVP_HUB:
                refused = [one for one in higher if is_disputed and one.id != item.report_id]
            else:
                refused = [one for one in higher if one.id == item.report_id]
            if refused:
                raise invalid_answer(f"/answers/{place}/value", "higher_grade_stands", _what_to_do(refused[0]))


def _grade(report: AssessedReport) -> int:
    grade = current_grade(report.assessment)
    return -1 if grade is None else GRADES.index(grade)


def _what_to_do(higher: AssessedReport) -> str:
    return (
        f"{current_grade(higher.assessment)} of {higher.author} stands for the report {higher.id}; give that grade, "
        "or lower that report first: POST /v1/referrals/{referral_id}/assessment-reviews with the reason"
    )


def store_reviews(tx: Transaction, reviews: Sequence[AskedQuestion], latest: Referral) -> None:
    """Stores each answered review as the review of its report, with the differences that it was asked about."""
    for item in reviews:
        referral = referral_of_report(tx.session, item.report_id or "") or latest
        known = known_facts(tx.session, latest)
        settles = {*known.disputed, *disputed_assessment(assessed_reports(known), known.settled)}
        incident_id = None if item.report_id in {None, referral.id} else item.report_id
        given = GivenGrade(Grade(str(item.value)), item.reason or "", incident_id, tuple(sorted(settles)))
        store_grade(tx, referral, given)
