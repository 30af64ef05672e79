"""Finds the what-if that a request names; raises `NotFound` when there is none."""

from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.trials import repository
from app.trials.models import PolicyWhatIf


def find_what_if(session: Session, what_if_id: str) -> PolicyWhatIf:
    """Returns the what-if, among those that the caller may see."""
    found = repository.what_if_by_id(session, what_if_id)
    if found is None:
        raise NotFound("there is no such what-if, or it is not yours to see")
    return found
