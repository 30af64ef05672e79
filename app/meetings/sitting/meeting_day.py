"""The day of a meeting in London, and what is refused before it and after the agenda is done."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.foundation.clock import london_date, london_instant
from app.foundation.errors import Conflict
from app.meetings.models import Meeting
from app.meetings.repositories import agenda_repository


def bounds_of_day(meeting: Meeting) -> tuple[datetime, datetime]:
    """Returns the first instant of the meeting's London day and the first instant after that day."""
    # The next midnight and not 24 hours later: on the day of a clock change the two differ.
    return london_instant(meeting.held_on, 0), london_instant(meeting.held_on + timedelta(days=1), 0)


def refuse_before_its_day(meeting: Meeting, now: datetime) -> None:
    """Raises `Conflict` before the meeting's day."""
    if meeting.held_on > london_date(now):
        raise Conflict("that meeting has not been held yet")


def refuse_when_complete(session: Session, meeting: Meeting) -> None:
    """Raises `Conflict` once the meeting's agenda is done."""
    if agenda_repository.completion_of(session, meeting.id) is not None:
        raise Conflict("this meeting's agenda is done; add what is new to the next meeting")
