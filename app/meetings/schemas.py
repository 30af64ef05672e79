"""What is said about meetings, hearings and discharges over HTTP."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from app.foundation.schema import CivilDate, Code, Instant, Shown, Strict
from app.vocabulary import Forum

Plan = Annotated[str, Field(min_length=15, max_length=4000)]


class MeetingRequest(Strict):
    """A sitting of a forum, and the last day on which a referral still makes it."""

    area: Code
    forum: Forum
    held_on: CivilDate
    cut_off_on: CivilDate

    @model_validator(mode="after")
    def _cut_off_comes_first(self) -> "MeetingRequest":
        if self.cut_off_on > self.held_on:
            raise ValueError("cut_off_on must not be after held_on")
        return self


class HearingRequest(Strict):
    """The meeting heard the case."""

    meeting_id: Code


class DischargeRequest(Strict):
    """A forum lets a case go. The plan goes on; every action still open is named, so that none is lost."""

    forum: Forum = Forum.MARAC
    plan: Plan
    actions_continue: Annotated[tuple[Code, ...], Field(max_length=200)] = ()


class MeetingOut(Shown):
    """A meeting."""

    id: str
    area: str
    forum: Forum
    held_on: date
    cut_off_on: date


class HearingOut(Shown):
    """A case was heard."""

    case_id: str
    meeting_id: str
    heard_on: date


class DischargeOut(Shown):
    """A case was let go, with its plan."""

    id: str
    case_id: str
    forum: Forum
    plan: str
    discharged_by: str
    discharged_at: Instant


class HearingEstimate(Shown):
    """When a case can be heard: the next meeting whose cut-off has not passed, and the one that was missed."""

    forum: Forum
    meeting_id: str | None
    held_on: date | None
    cut_off_on: date | None
    working_days: int | None
    missed_cut_off_on: date | None
    missed_meeting_on: date | None
