"""A meeting cycle as a response."""

from sqlalchemy.orm import Session

from app.meetings.models import MeetingCycle
from app.meetings.repositories import calendar_repository
from app.meetings.schemas import CycleOut, MeetingOut


def cycle_out(session: Session, cycle: MeetingCycle) -> CycleOut:
    """Returns the cycle with the meetings it put in the calendar."""
    rows = calendar_repository.meetings_of_cycle(session, cycle.id)
    stored = {name: getattr(cycle, name) for name in CycleOut.model_fields if name != "meetings"}
    return CycleOut(**stored, meetings=[MeetingOut.model_validate(row) for row in rows])
