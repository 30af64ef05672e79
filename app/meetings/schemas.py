"""Requests and responses about the calendar, lists, hearings and discharges."""

from datetime import date
from typing import Annotated

from pydantic import Field, StrictInt, ValidationInfo, field_validator

from app.foundation.web.schema import CivilDate, Code, Explained, Instant, Shown, Strict, contradiction
from app.meetings.vocabulary import CutOffUnit, MeetingKind
from app.vocabulary import Forum

Plan = Annotated[str, Field(min_length=15, max_length=4000)]


class CycleRequest(Strict):
    """How often a forum meets and when its lists close. `weeks_ahead` says how far ahead the calendar is filled."""

    area: Code
    forum: Forum
    first_on: CivilDate
    every_days: Annotated[StrictInt, Field(ge=1, le=42)]
    cut_off_days: Annotated[StrictInt, Field(ge=0, le=30)]
    cut_off_unit: CutOffUnit = CutOffUnit.WORKING_DAYS
    weeks_ahead: Annotated[StrictInt, Field(ge=1, le=104)] = 52


class MeetingRequest(Strict):
    """A meeting of a forum, and the last day on which a referral can still be listed for it."""

    area: Code
    forum: Forum
    held_on: CivilDate
    cut_off_on: CivilDate

    @field_validator("cut_off_on")
    @classmethod
    def _cut_off_comes_first(cls, cut_off_on: date, parts: ValidationInfo) -> date:
        held_on = parts.data.get("held_on")
        if held_on is not None and held_on < cut_off_on:
            raise contradiction("`held_on` comes before `cut_off_on`: correct one of them")
        return cut_off_on


class HearingRequest(Strict):
    """The meeting heard the case."""

    meeting_id: Code


class DeferralRequest(Strict):
    """The case is put off from one meeting to a later one; it stays on a list throughout."""

    meeting_id: Code
    to_meeting_id: Code
    reason: Explained


class DischargeRequest(Strict):
    """A forum discharges a case. The plan continues; every open action is named, so that none is lost."""

    forum: Forum = Forum.MARAC
    plan: Plan
    actions_continue: Annotated[tuple[Code, ...], Field(max_length=200)] = ()


class MeetingOut(Shown):
    """A meeting."""

    id: str
    area: str
    forum: Forum
    kind: MeetingKind
    held_on: date
    cut_off_on: date


class Meetings(Shown):
    """The areas' meetings, the soonest first."""

    items: list[MeetingOut]


class CycleOut(Shown):
    """A cycle and the meetings it put in the calendar."""

    id: str
    area: str
    forum: Forum
    first_on: date
    every_days: int
    cut_off_days: int
    cut_off_unit: CutOffUnit
    meetings: list[MeetingOut]


class HearingOut(Shown):
    """A case was heard; its minutes are due."""

    case_id: str
    meeting_id: str
    heard_on: date
    minutes_due_on: date


class DeferralOut(Shown):
    """A case that was put off to another meeting, and why."""

    id: str
    case_id: str
    from_meeting_id: str | None
    to_meeting_id: str
    reason: str
    deferred_by: str
    deferred_at: Instant


class DischargeOut(Shown):
    """A discharged case and its plan."""

    id: str
    case_id: str
    forum: Forum
    plan: str
    discharged_by: str
    discharged_at: Instant


class AskedOut(Shown):
    """A forum that must answer before the case can be discharged."""

    proposal_id: str
    forum: Forum
    kind: str
    answer_by: Instant


class DischargeWaitsOut(Shown):
    """Nothing was discharged: forums that could not be asked before are asked now. Discharge again once they answer."""

    case_id: str
    forum: Forum
    waits_for: list[AskedOut]


class HearingEstimateOut(Shown):
    """When a case can be heard: the next meeting whose cut-off has not passed, and the meeting that it missed."""

    forum: Forum
    meeting_id: str | None
    held_on: date | None
    cut_off_on: date | None
    working_days: int | None
    missed_cut_off_on: date | None
    missed_meeting_on: date | None
