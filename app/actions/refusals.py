"""Refusals that several use cases of actions share."""

from sqlalchemy.orm import Session

from app.access.repository import agency_exists
from app.actions import repository
from app.actions.models import Action
from app.foundation.errors import Conflict, Invalid, RequestFault


def refuse_unknown_owner(session: Session, owner_agency: str) -> None:
    """Raises `Invalid` when the directory holds no such agency."""
    if not agency_exists(session, owner_agency):
        raise Invalid(
            "`owner_agency` is not an agency of this service",
            faults=[RequestFault("/owner_agency", "unknown")],
        )


def refuse_second_open_duty(session: Session, action: Action) -> None:
    """Raises `Conflict` when a newer decision opened the same duty again: each duty of a case is open once."""
    other = repository.open_twin(session, action)
    if other is not None:
        raise Conflict(
            "the same duty is open again in another action; report this one as SUPERSEDED by it",
            superseded_by=other.id,
        )
