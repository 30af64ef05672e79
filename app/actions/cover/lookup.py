"""Finds the cover that a request names, within what the caller may see."""

from sqlalchemy.orm import Session

from app.actions.cover import repository
from app.actions.models import Cover
from app.foundation.errors import NotFound


def find_cover(session: Session, cover_id: str) -> Cover:
    """Returns the cover, or `NotFound` when there is none that the caller may see."""
    cover = repository.cover_by_id(session, cover_id)
    if cover is None:
        raise NotFound("there is no such cover, or it is not yours to see")
    return cover
