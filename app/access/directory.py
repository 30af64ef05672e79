"""The directory: which nation an area is in, its working days, and whether an agency is in it."""

from sqlalchemy.orm import Session

from app.access.models import Area
from app.access.repository import agency_exists, area_by_code
from app.foundation.errors import Invalid, RequestFault
from app.foundation.working_days import WorkingDays, working_days_of
from app.vocabulary import Nation


class UnknownAreaError(LookupError):
    """A stored row names an area that the directory does not hold. The message names the area's code."""


def area_of(session: Session, code: str) -> Area:
    """Returns the area of that code. Raises `UnknownAreaError`: to guess a nation would move every deadline."""
    area = area_by_code(session, code)
    if area is None:
        raise UnknownAreaError(f"the directory holds no area {code}")
    return area


def nation_of_area(session: Session, code: str) -> Nation:
    """Returns the nation whose bank holidays count there."""
    return area_of(session, code).nation


def calendar_of_area(session: Session, code: str) -> WorkingDays:
    """Returns the working days of the nation the area is in."""
    return working_days_of(nation_of_area(session, code))


def refuse_unknown_agency(session: Session, agency: str, pointer: str) -> None:
    """Raises `Invalid` when the directory holds no such agency. `pointer` is where the request names it."""
    if not agency_exists(session, agency):
        name = pointer.rpartition("/")[2]
        fault = RequestFault(pointer, "unknown", "not an agency of this service")
        raise Invalid(f"`{name}` names somebody who is not an agency of this service", faults=[fault])
