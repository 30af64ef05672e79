"""Requests and responses about a meeting: plan, the chair's reviews, attendance, completion and minutes."""

from datetime import date
from typing import Annotated

from pydantic import Field, StrictBool, ValidationInfo, field_validator, model_validator

from app.actions.response_schemas import ActionHistoryOut
from app.actions.schemas import ActionRequest
from app.foundation.web.schema import CivilDate, Code, Explained, Instant, Shown, Strict, Text
from app.meetings.research_schemas import SharedResearchOut
from app.meetings.vocabulary import AimedAt, AttendanceKind, ReviewFinding
from app.vocabulary import Role


class ReviewLine(Strict):
    """One action, the finding, and what follows from it: a new date, a new owner, or the strategic lead."""

    action_id: Code
    finding: ReviewFinding
    note: Explained
    due_on: CivilDate | None = None
    owner_agency: Code | None = None
    owner_role: Role | None = None

    @model_validator(mode="after")
    def _what_follows_is_named(self) -> "ReviewLine":
        new_owner = self.owner_agency is not None and self.owner_role is not None
        if (self.owner_agency is None) != (self.owner_role is None):
            raise ValueError("owner_agency and owner_role go together")
        if new_owner != (self.finding is ReviewFinding.REASSIGNED):
            raise ValueError("REASSIGNED needs owner_agency and owner_role, and no other finding may carry them")
        if self.finding is ReviewFinding.CONTINUES and self.due_on is None:
            raise ValueError("CONTINUES needs due_on, the new deadline")
        if self.due_on is not None and self.finding not in {
            ReviewFinding.CONTINUES,
            ReviewFinding.REASSIGNED,
        }:
            raise ValueError("due_on goes with CONTINUES and REASSIGNED only")
        return self


class MeetingReviewRequest(Strict):
    """The chair's reviews of unfinished and declined actions, one or many at a time."""

    reviews: Annotated[tuple[ReviewLine, ...], Field(min_length=1, max_length=200)]


class PlanActionRequest(Strict):
    """An action that the meeting sets for a case. Repeating a failed action requires a reason (`reuse_reason`)."""

    case_id: Code
    aimed_at: AimedAt
    action: ActionRequest
    reuse_reason: Explained | None = None

    @field_validator("action")
    @classmethod
    def _approach_is_aimed_at_the_perpetrator(cls, action: ActionRequest, parts: ValidationInfo) -> ActionRequest:
        if action.approach is not None and parts.data.get("aimed_at") is not AimedAt.PERPETRATOR:
            raise ValueError("`approach` goes with `aimed_at` PERPETRATOR")
        return action


class CompletionRequest(Strict):
    """Completes the agenda."""


class MinutesRequest(Strict):
    """The agencies to which the minutes were sent."""

    sent_to: Annotated[tuple[Code, ...], Field(min_length=1, max_length=60)]


class MeetingReviewOut(Shown):
    """One review recorded at a meeting."""

    id: str
    meeting_id: str
    case_id: str
    action_id: str
    finding: ReviewFinding
    note: str
    reviewed_by: str
    reviewed_at: Instant


class MeetingReviews(Shown):
    """Reviews recorded at a meeting."""

    items: list[MeetingReviewOut]


class PlanActionOut(Shown):
    """An action of the plan: the action itself, whom it is aimed at, and which earlier action it repeats."""

    id: str
    meeting_id: str
    case_id: str
    aimed_at: AimedAt
    repeats_action_id: str | None
    reuse_reason: str | None
    action: ActionHistoryOut


class CompletionOut(Shown):
    """A completed agenda and the day its minutes are due."""

    id: str
    meeting_id: str
    minutes_due_on: date
    completed_by: str
    completed_at: Instant


class CaseMinutesOut(Shown):
    """What the minutes say of the research about one case."""

    case_reference: str
    shared_research: SharedResearchOut


class MinutesOut(Shown):
    """The sent minutes; `late` when they were sent after the day they were due.

    `cases` is what agencies shared about each case, facts and opinions apart.
    """

    id: str
    meeting_id: str
    due_on: date
    sent_at: Instant
    sent_by: str
    sent_to: list[str]
    late: bool
    cases: list[CaseMinutesOut]


class AttendanceLine(Strict):
    """How one agency took part. An observer signs the confidentiality statement, and the line says whether they did."""

    agency: Code
    how: AttendanceKind
    note: Text | None = None
    statement_signed: StrictBool | None = None
    received_on: CivilDate | None = Field(default=None, description="The day on which sent information was received")

    @model_validator(mode="after")
    def _goes_with_its_kind(self) -> "AttendanceLine":
        if (self.statement_signed is not None) != (self.how is AttendanceKind.OBSERVER):
            raise ValueError("statement_signed goes with OBSERVER, which needs it, and with no other kind")
        if self.received_on is not None and self.how is not AttendanceKind.SENT_INFORMATION:
            raise ValueError("received_on goes with SENT_INFORMATION only")
        return self


class AttendanceRequest(Strict):
    """How agencies took part in a meeting. A later line of an agency corrects the earlier one, which is kept."""

    agencies: Annotated[tuple[AttendanceLine, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _one_line_each(self) -> "AttendanceRequest":
        if len({line.agency for line in self.agencies}) < len(self.agencies):
            raise ValueError("give one line for each agency")
        return self


class AttendanceOut(Shown):
    """One agency at one meeting; `how` is null while nobody has recorded it."""

    agency: str
    how: AttendanceKind | None
    note: str | None
    statement_signed: bool | None
    received_on: date | None
    recorded_by: str | None


class AttendanceList(Shown):
    """Every agency that was invited or asked, and how each took part."""

    items: list[AttendanceOut]
