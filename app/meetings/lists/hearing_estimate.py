"""When a case can be heard, as the calendar says on one day."""

from dataclasses import dataclass
from datetime import date

from app.vocabulary import Forum


@dataclass(frozen=True, slots=True)
class HearingEstimate:
    """The next meeting whose cut-off has not passed, and the meeting that was missed; None where there is none."""

    forum: Forum
    meeting_id: str | None
    held_on: date | None
    cut_off_on: date | None
    working_days: int | None
    missed_cut_off_on: date | None
    missed_meeting_on: date | None
