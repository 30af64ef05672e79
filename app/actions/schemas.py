"""What is said about actions over HTTP."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, model_validator

from app.actions.lifecycle import Verdict
from app.foundation.schema import CivilDate, Code, Instant, Line, Shown, Strict, Text
from app.vocabulary import ActionOutcome, ActionState, Forum, Role

Explained = Annotated[str, Field(min_length=15, max_length=2000)]


class ActionRequest(Strict):
    """A commitment made at a meeting: who, what, for whom, by when, and what shows that it is done."""

    what: Explained = Field(
        description="Begins with a verb, for example: Arrange a joint visit with the IDVA"
    )
    owner_agency: Code
    owner_role: Role
    recipient: Line | None = None
    done_when: Explained
    due_on: CivilDate | None = None
    due_at: Instant | None = None
    forums: Annotated[tuple[Forum, ...], Field(max_length=5)] = ()

    @model_validator(mode="after")
    def _one_deadline(self) -> "ActionRequest":
        if (self.due_on is None) == (self.due_at is None):
            raise ValueError("give exactly one of due_on (a date) and due_at (an instant)")
        return self


class OutcomeRequest(Strict):
    """What became of an action. `COMPLETED` needs to say what shows it; every other outcome needs its reason."""

    outcome: ActionOutcome
    note: Explained


class ReviewRequest(Strict):
    """A second person's finding. `RETURNED` and `CONTINUES` need the new deadline."""

    verdict: Verdict
    note: Text
    due_on: CivilDate | None = None

    @model_validator(mode="after")
    def _deadline_unless_accepted(self) -> "ReviewRequest":
        if (self.verdict is Verdict.ACCEPTED) != (self.due_on is None):
            raise ValueError("due_on, the new deadline, goes with RETURNED and CONTINUES and only with them")
        return self


class ReassignmentRequest(Strict):
    """A new owner. The action stays open throughout."""

    owner_agency: Code
    owner_role: Role
    reason: Explained
    due_on: CivilDate | None = None


class ReportOut(Shown):
    """One report of an outcome."""

    id: str
    outcome: ActionOutcome
    note: str
    reported_by: str
    reported_at: Instant


class ReviewOut(Shown):
    """One review."""

    id: str
    verdict: Verdict
    note: str
    reviewed_by: str
    reviewed_at: Instant


class ChangeOut(Shown):
    """One change of owner or deadline."""

    what: str
    was: str
    became: str
    reason: str
    changed_by: str
    changed_at: Instant


class ActionOut(Shown):
    """An action as it stands. `late` and `unreviewed` are true at the moment of the answer."""

    id: str
    case_id: str
    decision_id: str | None
    duty: str | None
    area: str
    forums: list[str]
    what: str
    recipient: str | None
    done_when: str
    owner_agency: str | None
    owner_role: str
    due_on: date | None
    due_at: datetime | None
    time_zone: str = "Europe/London"
    life_safety: bool
    state: ActionState
    outcome: ActionOutcome | None
    overdue: bool
    unreviewed: bool
    last_reviewed_at: datetime | None
    version: int


class ActionHistoryOut(ActionOut):
    """An action with everything that was said about it."""

    reports: list[ReportOut]
    reviews: list[ReviewOut]
    changes: list[ChangeOut]
    possible_duplicates: tuple[str, ...] = ()
