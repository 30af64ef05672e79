"""Finds what a request names, within what the caller may see; anything else does not exist for them."""

from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.referrals import repository
from app.referrals.models import Case, Referral


def find_case(session: Session, case_id: str) -> Case:
    """The case, or `NotFound` when there is none that the caller may see."""
    case = repository.case_by_id(session, case_id)
    if case is None:
        raise NotFound("there is no such case, or it is not yours to see")
    return case


def find_referral(session: Session, referral_id: str) -> Referral:
    """The referral, or `NotFound` when there is none that the caller may see."""
    referral = repository.referral_by_id(session, referral_id)
    if referral is None:
        raise NotFound("there is no such referral, or it is not yours to see")
    return referral
