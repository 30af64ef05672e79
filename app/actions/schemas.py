"""What is sent about actions over HTTP."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StrictInt, ValidationInfo, field_validator, model_validator

from app.actions.vocabulary import ReportedOutcome, ReviewVerdict
from app.actions.wording.smart_wording import what_is_vague
from app.foundation.web.pagination import DEFAULT_LIMIT
from app.foundation.web.schema import CivilDate, Code, Explained, Instant, Line, Strict, Text
from app.vocabulary import ActionOutcome, ActionState, Approach, Forum, NeedKind, Role

MOST_AT_ONCE = 100
Word = Annotated[str | None, Field(max_length=64)]


class ActionRequest(Strict):
    """A commitment made at a meeting: who, what, for whom, by when, and what shows that it is done.

    Each part that is missing or vague is named in one refusal (DHR "Jean" 14.2.10, D38).
    """

    what: Explained = Field(description="Begins with a verb, for example: Arrange a joint visit with the IDVA")
    owner_agency: Code
    owner_role: Role
    recipient: Line = Field(description="For whom it is done, or who must be told")
    done_when: Explained = Field(description="What shows that it is done")
    about: NeedKind | None = Field(
        default=None, description="PERPETRATOR: the action follows the forum that accepts the lead"
    )
    approach: Approach | None = Field(
        default=None, description="What an action aimed at the perpetrator does. It is counted, and decides nothing"
    )
    due_on: CivilDate | None = None
    # Validated when it is left out too: only so does the validator see that neither deadline was given.
    due_at: Instant | None = Field(default=None, validate_default=True)
    again_within_working_days: Annotated[StrictInt | None, Field(ge=1, le=10)] = Field(
        default=None,
        description="When it is reported as not done, it is owed again within so many days and the chair is told",
    )
    forums: Annotated[tuple[Forum, ...], Field(max_length=5)] = ()

    @field_validator("what")
    @classmethod
    def _says_what_is_done(cls, what: str) -> str:
        fault = what_is_vague(what)
        if fault is not None:
            raise ValueError(fault)
        return what

    @field_validator("approach")
    @classmethod
    def _is_not_of_the_victim(cls, approach: Approach | None, parts: ValidationInfo) -> Approach | None:
        if approach is not None and parts.data.get("about") is NeedKind.VICTIM_SAFETY:
            raise ValueError("an approach is of an action aimed at the perpetrator")
        return approach

    @field_validator("done_when")
    @classmethod
    def _shows_more_than_the_action(cls, done_when: str, parts: ValidationInfo) -> str:
        if done_when.strip().casefold() == str(parts.data.get("what", "")).strip().casefold():
            raise ValueError("this repeats the action; say what will show that it is done")
        return done_when

    @field_validator("due_at")
    @classmethod
    def _one_deadline(cls, due_at: datetime | None, parts: ValidationInfo) -> datetime | None:
        # A field validator and not a model validator: the refusal then names the deadline with all other faults.
        if "due_on" in parts.data and (parts.data["due_on"] is None) == (due_at is None):
            raise ValueError("give exactly one of due_on (a date) and due_at (an instant)")
        return due_at


class CaseActionRequest(ActionRequest):
    """A commitment made for a case. Repeating a failed action requires `reuse_reason`."""

    reuse_reason: Explained | None = None

    @field_validator("approach")
    @classmethod
    def _is_of_the_perpetrator(cls, approach: Approach | None, parts: ValidationInfo) -> Approach | None:
        if approach is not None and parts.data.get("about") is not NeedKind.PERPETRATOR:
            raise ValueError("an approach goes with `about` PERPETRATOR")
        return approach


class ActionQuery(BaseModel):
    """The filters of a list of actions, all joined by "and", and which page of it."""

    state: ActionState | None = None
    overdue: bool | None = None
    unreviewed: bool | None = None
    owner_agency: Word = None
    owner_role: Role | None = None
    forum: Forum | None = None
    area: Word = None
    case_id: Word = None
    due_before: Instant | None = None
    due_after: Instant | None = None
    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(max_length=500)] = None


class OutcomeRequest(Strict):
    """What became of an action. `note` says what shows that it is COMPLETED, or the reason of any other outcome."""

    outcome: ReportedOutcome
    note: Explained
    superseded_by: Code | None = Field(
        default=None, description="With SUPERSEDED: the action of this case that carries on"
    )

    @model_validator(mode="after")
    def _superseded_names_by_what(self) -> "OutcomeRequest":
        if (self.outcome is ActionOutcome.SUPERSEDED) != (self.superseded_by is not None):
            raise ValueError("SUPERSEDED needs superseded_by, and no other outcome may carry it")
        return self


class ReviewRequest(Strict):
    """A second person's finding. `RETURNED` and `CONTINUES` need the new deadline."""

    verdict: ReviewVerdict
    note: Text
    due_on: CivilDate | None = None

    @model_validator(mode="after")
    def _deadline_unless_accepted(self) -> "ReviewRequest":
        if (self.verdict is ReviewVerdict.ACCEPTED) != (self.due_on is None):
            raise ValueError("due_on, the new deadline, goes with RETURNED and CONTINUES and only with them")
        return self


class ReassignmentRequest(Strict):
    """The new owner of an action. The action stays open."""

    owner_agency: Code
    owner_role: Role
    reason: Explained
    due_on: CivilDate | None = None


class NamedItem(Strict):
    """Which action an item of a call is about, in the version that the caller read: the number of its ETag."""

    action_id: Code
    version: Annotated[StrictInt, Field(ge=1)]


class OutcomeItem(NamedItem, OutcomeRequest):
    """What became of one of several actions."""


class ReviewItem(NamedItem, ReviewRequest):
    """A second person's finding on one of several actions."""


class OutcomesRequest(Strict):
    """What became of several actions."""

    items: Annotated[tuple[OutcomeItem, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class ReviewsRequest(Strict):
    """One person's findings on several actions that others reported."""

    items: Annotated[tuple[ReviewItem, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
