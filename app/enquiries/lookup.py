"""Finds the enquiry that a request names, among the rows that the caller may see."""

from sqlalchemy.orm import Session

from app.enquiries import repository
from app.enquiries.models import AskedEnquiry
from app.foundation.errors import NotFound


def find_enquiry(session: Session, enquiry_id: str) -> AskedEnquiry:
    """Returns the enquiry. Raises `NotFound` when there is none, or the caller may not see it."""
    enquiry = repository.enquiry_by_id(session, enquiry_id)
    if enquiry is None:
        raise NotFound("there is no such enquiry, or it is not yours to see")
    return enquiry
