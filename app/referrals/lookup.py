"""Finds the case, referral or decision that a request names, among the rows that the caller may see."""

from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.referrals.models import Case, Decision, Referral
from app.referrals.repositories import case_repository, decision_repository, report_repository

NO_DECISION = "there is no such decision, or it is not yours to see"


def find_case(session: Session, case_id: str) -> Case:
    """Returns the case. Raises `NotFound` when there is none, or the caller may not see it."""
    case = case_repository.case_by_id(session, case_id)
    if case is None:
        raise NotFound("there is no such case, or it is not yours to see")
    return case


def find_referral(session: Session, referral_id: str) -> Referral:
    """Returns the referral. Raises `NotFound` when there is none, or the caller may not see it."""
    referral = report_repository.referral_by_id(session, referral_id)
    if referral is None:
        raise NotFound("there is no such referral, or it is not yours to see")
    return referral


def find_latest_referral(session: Session, case_id: str) -> Referral:
    """Returns the newest referral of a case. Raises `NotFound` when there is none, or the caller may not see it."""
    referral = report_repository.latest_referral_of(session, case_id)
    if referral is None:
        raise NotFound("this case has no referral")
    return referral


def find_own_report(session: Session, case_id: str, incident_id: str, agency: str) -> Referral:
    """Returns the referral to which the agency added this incident. Raises `NotFound` unless the agency made it."""
    incident = report_repository.incident_of_case(session, case_id, incident_id)
    if incident is None or incident.reported_by != agency:
        raise NotFound("this case has no report of that id by your agency; you grade your own reports only")
    return find_referral(session, incident.referral_id)


def find_decision(session: Session, decision_id: str) -> Decision:
    """Returns the decision. Raises `NotFound` when there is none, or the caller may not see it."""
    decision = decision_repository.decision_by_id(session, decision_id)
    if decision is None:
        raise NotFound(NO_DECISION)
    return decision
