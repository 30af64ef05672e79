"""Covers as they are sent and shown over HTTP."""

from datetime import date

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.foundation.web.schema import CivilDate, Code, Explained, Instant, Line, Shown, Strict, contradiction
from app.vocabulary import Role


class CoverRequest(Strict):
    """An owner is away, both dates included. Meanwhile another post has the owner's actions and reminders."""

    area: Code
    owner_agency: Code
    owner_role: Role
    owner_account: Line = Field(description="The account of who is away, by its name in that agency's directory")
    away_from: CivilDate
    away_until: CivilDate
    cover_agency: Code
    cover_role: Role
    cover_account: Line = Field(description="The account of who covers, by its name in that agency's directory")
    reason: Explained

    @field_validator("away_until")
    @classmethod
    def _ends_after_it_begins(cls, away_until: date, parts: ValidationInfo) -> date:
        away_from = parts.data.get("away_from")
        if away_from is not None and away_until < away_from:
            raise contradiction("`away_until` comes before `away_from`: correct one of them")
        return away_until

    @model_validator(mode="after")
    def _is_covered_by_another_post(self) -> "CoverRequest":
        if (self.owner_agency, self.owner_role) == (self.cover_agency, self.cover_role):
            raise ValueError("the cover must be another post than the owner's own")
        return self


class CoverEndRequest(Strict):
    """Why a cover ends before its last day."""

    reason: Explained


class CoverOut(Shown):
    """A cover, with the instants at which it began and ended."""

    id: str
    area: str
    owner_agency: str
    owner_role: str
    owner_account: str
    away_from: date
    away_until: date
    cover_agency: str
    cover_role: str
    cover_account: str
    reason: str
    arranged_by: str
    arranged_at: Instant
    begun_at: Instant | None
    ended_at: Instant | None


class Covers(Shown):
    """The covers that have not ended, the soonest first."""

    items: list[CoverOut]
