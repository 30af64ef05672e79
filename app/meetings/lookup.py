"""Finds what a request names among what the caller may see. Raises `NotFound` for everything else.

An object of another agency or area answers like one that does not exist, so that nobody learns that it exists.
"""

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import NotFound
from app.foundation.identifiers import new_id
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import ResearchRequest
from app.meetings.repositories import (
    calendar_repository,
    case_repository,
    listing_repository,
    research_repository,
)


def find_meeting(session: Session, caller: Caller, meeting_id: str) -> Meeting:
    """Returns the meeting, when it is in one of the caller's areas."""
    meeting = calendar_repository.meeting_by_id(session, meeting_id)
    # The calendar has no row security, so the area is compared here.
    if meeting is None or meeting.area not in caller.areas:
        raise NotFound("there is no such meeting in your areas")
    return meeting


def find_research_request(session: Session, request_id: str) -> ResearchRequest:
    """Returns the research request, when the caller's rows show it."""
    found = research_repository.research_request_by_id(session, request_id)
    if found is None:
        raise NotFound("there is no such research request, or it is not yours to see")
    return found


def find_listing(session: Session, case_id: str, meeting_id: str) -> Listing:
    """Returns the case's place on that meeting's list, locked for change."""
    listing = listing_repository.listing_for_change(session, case_id, meeting_id)
    if listing is None:
        raise NotFound("this case is not on that meeting's list")
    return listing


def find_heard_listing(session: Session, case_id: str, meeting_id: str) -> Listing:
    """Returns the same, also when the case was put on the next list before its hearing was recorded."""
    moved = listing_repository.moved_unheard_from(session, case_id, meeting_id)
    if moved is not None:
        columns = ("case_id", "forum", "area", "agencies", "listed_at")
        row = {"id": new_id("lst"), "meeting_id": meeting_id, **{name: getattr(moved, name) for name in columns}}
        listing_repository.insert_listing_unless_there(session, row)
    return find_listing(session, case_id, meeting_id)


def require_visible_case(session: Session, case_id: str) -> None:
    """Refuses unless the caller's rows show the case itself, or a part of it that names the caller's agency."""
    if not case_repository.is_case_visible(session, case_id):
        raise NotFound("there is no such case, or it is not yours to see")
