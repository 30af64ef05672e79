"""Finds the what-if that a request names; raises `NotFound` when there is none."""

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import NotFound
from app.trials import repository
from app.trials.models import PolicyWhatIf


def find_what_if(session: Session, caller: Caller, what_if_id: str) -> PolicyWhatIf:
    """Returns the what-if of the caller's agency, if every area that it reads is the caller's."""
    found = repository.what_if_by_id(session, what_if_id)
    if found is None or set(found.areas) - caller.areas:
        raise NotFound("there is no such what-if, or it is not yours to see")
    return found
