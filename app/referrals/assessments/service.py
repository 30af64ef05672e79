"""Stores the grade that a named person sets for a report. The report stays as it was sent, and so does every other."""

from dataclasses import dataclass

from app.foundation.errors import NotFound
from app.foundation.identifiers import new_id
from app.foundation.storage.read_once import read_anew
from app.foundation.storage.transaction import Transaction
from app.referrals.assessments.schemas import AssessmentReviewRequest
from app.referrals.models import AssessmentReview, Referral
from app.referrals.repositories import report_repository
from app.vocabulary import Grade


@dataclass(frozen=True, slots=True)
class GivenGrade:
    """The grade of one report, and why. `incident_id` names the report where it is a later incident.

    `settles` are the JSON pointers of the differences between agencies that the person was asked about.
    """

    grade: Grade
    reason: str
    incident_id: str | None = None
    settles: tuple[str, ...] = ()


def store_assessment_review(tx: Transaction, referral: Referral, sent: AssessmentReviewRequest) -> AssessmentReview:
    """Stores the review of one report of the referral. Raises what `store_grade` raises."""
    return store_grade(tx, referral, GivenGrade(sent.grade, sent.reason, sent.incident_id))


def store_grade(tx: Transaction, referral: Referral, given: GivenGrade) -> AssessmentReview:
    """Stores the grade that a named person gives one report of the referral.

    Raises `Invalid` (no-person) when the caller names nobody, `NotFound` when the incident is not a report of it.
    """
    person = tx.caller.named_person("a grade is set by a person who has looked, and a program lowers none")
    incident_id = given.incident_id
    if incident_id and report_repository.incident_of_referral(tx.session, referral.id, incident_id) is None:
        raise NotFound("this referral has no later incident of that id; GET its assessments for the ids")
    review = AssessmentReview(
        id=new_id("arv"),
        referral_id=referral.id,
        case_id=referral.case_id,
        incident_id=incident_id,
        area=referral.area,
        agencies=referral.agencies,
        grade=given.grade,
        reason=given.reason,
        reviewed_by=person,
        agency=tx.caller.agency,
        settles=list(given.settles),
        reviewed_at=tx.now,
    )
    tx.session.add(review)
    tx.session.flush()
    read_anew(tx.session)
    return review
