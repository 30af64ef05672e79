"""The directory of areas: which nation an area is in, and its working days."""

from sqlalchemy.orm import Session

from app.access.models import Area
from app.access.repository import area_by_code
from app.foundation.working_days import WorkingDays, working_days_of


class UnknownAreaError(LookupError):
    """A stored row names an area that the directory does not hold. The message names the area's code."""


def area_of(session: Session, code: str) -> Area:
    """The area of that code. Raises `UnknownAreaError`: to guess a nation would move every deadline."""
    area = area_by_code(session, code)
    if area is None:
        raise UnknownAreaError(f"the directory holds no area {code}")
    return area


def nation_of_area(session: Session, code: str) -> str:
    """Whose bank holidays count there, as a nation code (ENG, WLS)."""
    return area_of(session, code).nation


def calendar_of_area(session: Session, code: str) -> WorkingDays:
    """The working days of the nation the area is in."""
    return working_days_of(nation_of_area(session, code))
