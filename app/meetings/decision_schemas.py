"""Requests and responses about emergency decisions and MAPPA referrals."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictInt, ValidationInfo, field_validator, model_validator

from app.foundation.web.schema import CivilDate, Code, Explained, Instant, Shown, Strict, Tri, refuses_nought
from app.meetings.vocabulary import EmergencyAnswer

LEVEL_3 = 3
_NOT_NOUGHT = refuses_nought(
    "leave it out where the category is not known; that MAPPA is known not to manage somebody is a fact of the "
    "perpetrator, `not_managed: true`"
)
Grounds = Annotated[str, Field(min_length=15, max_length=4000)]


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

    level: Annotated[
        Literal[2, 3], refuses_nought("ask for level 2 or 3; what MAPPA does now is a fact, by `not_managed: true`")
    ] = 2
    category_claimed: Annotated[Annotated[StrictInt, Field(ge=1, le=4)] | None, _NOT_NOUGHT] = Field(
        default=None, description="The category by which the agency refers; ours is shown beside it"
    )
    grounds: Grounds
    added_value: Grounds | None = Field(default=None, description="What level 1 cannot do")
    senior_resources: Grounds | None = Field(
        default=None, validate_default=True, description="At level 3, and only there: why senior people are needed"
    )
    mappa_area: Code | None = Field(
        default=None, description="The area whose MAPPA is asked; left out: the one that the facts name, else this area"
    )
    victim_liaison: Tri = Field(default=None, description="A victim liaison officer works with the victim")
    disclosure_considered: Tri = None
    referring_agency: Code | None = Field(
        default=None, description="Whose referral it is, when a MARAC co-ordinator or chair records it"
    )

    @field_validator("senior_resources")
    @classmethod
    def _only_at_level_3(cls, why: str | None, parts: ValidationInfo) -> str | None:
        at_level_3 = parts.data.get("level") == LEVEL_3
        if at_level_3 != (why is not None):
            raise ValueError("a level 3 referral says why senior people are needed, and no other referral does")
        return why


class MappaReferralOut(Shown):
    """A MAPPA referral and its proposal; MAPPA owns nothing until it accepts.

    `category_on_record` is the category that stands in our records; `notes` say where the referral and they differ.
    """

    id: str
    case_id: str
    need_id: str
    proposal_id: str
    level: int
    category_claimed: int | None
    category_on_record: int | None
    grounds: str
    added_value: str | None
    senior_resources: str | None
    mappa_area: str | None
    victim_liaison: bool | None
    disclosure_considered: bool | None
    notes: list[str]
    referring_agency: str
    referred_by: str
    referred_at: Instant
