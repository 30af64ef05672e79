"""Refuses a duty that another open action of the case already has."""

from sqlalchemy.orm import Session

from app.actions import repository
from app.actions.models import Action
from app.foundation.errors import Conflict


def refuse_second_open_duty(session: Session, action: Action) -> None:
    """Raises `Conflict` when a newer decision opened or plans the same duty again: each duty of a case is open once."""
    other = repository.open_twin(session, action)
    if other is not None:
        raise Conflict(
            "the same duty is open or planned again in another action; report this one as SUPERSEDED by it",
            superseded_by=other.id,
        )
