"""Refuses a duty that another action of the case, open or planned, already has."""

from sqlalchemy.orm import Session

from app.actions import repository
from app.actions.models import Action
from app.foundation.errors import Conflict


def refuse_second_open_duty(session: Session, action: Action) -> None:
    """Raises `Conflict` when a newer decision made the same duty again, open or planned: each is owed once."""
    other = repository.open_twin(session, action)
    if other is not None:
        raise Conflict(
            "the same duty is owed again in another action; report this one as SUPERSEDED by it",
            superseded_by=other.id,
        )
