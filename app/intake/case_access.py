"""Checks that a case which a request names concerns the caller's agency."""

from sqlalchemy.orm import Session

from app.actions.repository import unfinished_actions_of_case
from app.foundation.errors import NotFound
from app.meetings.repositories.case_repository import is_case_visible
from app.ownership.proposal_repository import proposals_of_case
from app.referrals.repositories.case_repository import case_by_id


def refuse_without_part_in_case(session: Session, case_id: str) -> None:
    """Raises `NotFound` unless the caller may see the case, an unfinished action of it, or a proposal about it."""
    has_part = (
        case_by_id(session, case_id)
        or unfinished_actions_of_case(session, case_id)
        or proposals_of_case(session, case_id)
    )
    if not has_part:
        raise NotFound("there is no such case, or it is not yours to see")


def refuse_unless_named_in_case(session: Session, case_id: str) -> None:
    """Raises `NotFound` unless a row of the case, finished or not, names the caller's agency."""
    if not is_case_visible(session, case_id):
        raise NotFound("there is no such case, or it is not yours to see")
