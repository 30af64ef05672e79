"""What is said about the chair's reviews, plans, completions and minutes over HTTP."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from app.actions.response_schemas import ActionHistoryOut
from app.actions.schemas import ActionRequest
from app.foundation.web.schema import CivilDate, Code, Instant, Shown, Strict
from app.meetings.schemas import Reason
from app.vocabulary import Role


class ReviewFinding(StrEnum):
    """What the chair found about an unfinished action. None of them ends it: only its report and review do."""

    ON_COURSE = "ON_COURSE"
    CONTINUES = "CONTINUES"
    REASSIGNED = "REASSIGNED"
    ESCALATED = "ESCALATED"


class AimedAt(StrEnum):
    """Whom an action of the plan is aimed at; every plan holds one for the perpetrator (D13)."""

    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"
    CHILDREN = "CHILDREN"
    OTHER = "OTHER"


class ReviewLine(Strict):
    """One action, what was found, and what follows: a new date, a new owner, or the strategic lead."""

    action_id: Code
    finding: ReviewFinding
    note: Reason
    due_on: CivilDate | None = None
    owner_agency: Code | None = None
    owner_role: Role | None = None

    @model_validator(mode="after")
    def _what_follows_is_named(self) -> "ReviewLine":
        new_owner = self.owner_agency is not None and self.owner_role is not None
        if (self.owner_agency is None) != (self.owner_role is None):
            raise ValueError("owner_agency and owner_role go together")
        if new_owner != (self.finding is ReviewFinding.REASSIGNED):
            raise ValueError(
                "REASSIGNED needs owner_agency and owner_role, and no other finding may carry them"
            )
        if self.finding is ReviewFinding.CONTINUES and self.due_on is None:
            raise ValueError("CONTINUES needs due_on, the new deadline")
        if self.due_on is not None and self.finding not in {
            ReviewFinding.CONTINUES,
            ReviewFinding.REASSIGNED,
        }:
            raise ValueError("due_on goes with CONTINUES and REASSIGNED only")
        return self


class MeetingReviewRequest(Strict):
    """The chair's review of unfinished and declined actions, as many as were taken together."""

    reviews: Annotated[tuple[ReviewLine, ...], Field(min_length=1, max_length=200)]


class PlanActionRequest(Strict):
    """An action that the meeting sets for a case. One that failed before needs to say why it is tried again."""

    case_id: Code
    aimed_at: AimedAt
    action: ActionRequest
    reuse_reason: Reason | None = None


class CompletionRequest(Strict):
    """The agenda is done."""


class MinutesRequest(Strict):
    """The minutes went out to these agencies."""

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
    """An action of the plan: the action itself, whom it is aimed at, and which earlier one it tries again."""

    id: str
    meeting_id: str
    case_id: str
    aimed_at: AimedAt
    repeats_action_id: str | None
    reuse_reason: str | None
    action: ActionHistoryOut


class CompletionOut(Shown):
    """A meeting's agenda is done; its minutes are due."""

    id: str
    meeting_id: str
    minutes_due_on: date
    completed_by: str
    completed_at: Instant


class MinutesOut(Shown):
    """The minutes went out; `late` when that was after they were due."""

    id: str
    meeting_id: str
    due_on: date
    sent_at: Instant
    sent_by: str
    sent_to: list[str]
    late: bool
