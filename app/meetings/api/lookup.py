"""Finds what a request names, within what the caller may see; anything else does not exist for them."""

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import NotFound
from app.meetings import agenda_repository, calendar_repository
from app.meetings.models import Meeting
from app.meetings.record_models import ResearchRequest


def find_meeting(session: Session, caller: Caller, meeting_id: str) -> Meeting:
    """The meeting of one of the caller's areas, or `NotFound`."""
    meeting = calendar_repository.meeting_by_id(session, meeting_id)
    if meeting is None or meeting.area not in caller.areas:
        raise NotFound("there is no such meeting in your areas")
    return meeting


def find_research(session: Session, request_id: str) -> ResearchRequest:
    """The research request, or `NotFound` when there is none that the caller may see."""
    found = agenda_repository.research_by_id(session, request_id)
    if found is None:
        raise NotFound("there is no such research request, or it is not yours to see")
    return found
