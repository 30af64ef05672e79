"""Requests and responses about emergency decisions and MAPPA referrals."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.foundation.web.schema import CivilDate, Code, Explained, Instant, Shown, Strict
from app.meetings.vocabulary import EmergencyAnswer


class EmergencyRequest(Strict):
    """The chair's answer, with the reason; HOLD names the day of the emergency meeting."""

    answer: EmergencyAnswer
    reason: Explained
    held_on: CivilDate | None = None

    @model_validator(mode="after")
    def _a_meeting_has_a_day(self) -> "EmergencyRequest":
        if (self.answer is EmergencyAnswer.HOLD) != (self.held_on is not None):
            raise ValueError("held_on goes with HOLD and only with it")
        return self


class EmergencyOut(Shown):
    """A recorded answer. `meeting_id` is the meeting that now hears the case: with HOLD the emergency meeting."""

    id: str
    case_id: str
    meeting_id: str | None
    answer: EmergencyAnswer
    reason: str
    held_on: date | None
    decided_by: str
    decided_at: Instant


class MappaReferralRequest(Strict):
    """Asks MAPPA to manage the perpetrator at level 2 or 3. Any responsible or co-operating agency may ask."""

    level: Literal[2, 3] = 2
    grounds: Annotated[str, Field(min_length=15, max_length=4000)]
    referring_agency: Code | None = Field(
        default=None, description="Whose referral it is, when a MARAC co-ordinator or chair records it"
    )


class MappaReferralOut(Shown):
    """A MAPPA referral and its proposal; MAPPA owns nothing until it accepts."""

    id: str
    case_id: str
    need_id: str
    proposal_id: str
    level: int
    grounds: str
    referring_agency: str
    referred_by: str
    referred_at: Instant
