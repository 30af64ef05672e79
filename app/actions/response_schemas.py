"""Actions as they are shown over HTTP."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from app.actions.vocabulary import ReviewVerdict
from app.foundation.web.schema import Instant, Shown
from app.referrals.before_contact.response_schemas import ContactNoteOut
from app.vocabulary import ActionOutcome, ActionState, Approach, NeedKind, Role


class ReportOut(Shown):
    """One report of an outcome."""

    id: str
    outcome: ActionOutcome
    superseded_by: str | None
    note: str
    reported_by: str
    reported_at: Instant


class ReviewOut(Shown):
    """One review."""

    id: str
    verdict: ReviewVerdict
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


class CoveredBy(Shown):
    """The post that answers for an action while its owner is away, until and including that date."""

    cover_agency: str
    cover_role: str
    away_until: date


class ActionOut(Shown):
    """An action as it stands. `overdue` and `unreviewed` are true at the moment of the answer."""

    id: str
    case_id: str
    decision_id: str | None
    duty: str | None
    about: NeedKind | None
    approach: Approach | None = Field(description="What an action aimed at the perpetrator does; it is only counted")
    area: str
    forums: list[str]
    what: str
    recipient: str | None
    recipient_agency: str | None
    done_when: str
    owner_agency: str | None
    owner_role: str
    covered_by: CoveredBy | None
    due_on: date | None
    due_at: datetime | None
    time_zone: str = "Europe/London"
    life_safety: bool
    reaches_victim: bool = Field(
        description="Whoever does it reaches the victim or the family: read `before_contact` of this action first"
    )
    repeats_every: str | None = Field(
        description="The interval after which it is owed again, counted from each report, while a decision owes it"
    )
    again_within: str | None = Field(
        description="The interval after which it is owed again when it was reported as not done"
    )
    follows_id: str | None = Field(description="The action whose report opened this one")
    state: ActionState
    outcome: ActionOutcome | None
    overdue: bool
    unreviewed: bool
    last_reviewed_at: datetime | None
    version: int


class ActionHistoryOut(ActionOut):
    """An action with all its reports, reviews and changes, and the actions that may repeat it."""

    reports: list[ReportOut]
    reviews: list[ReviewOut]
    changes: list[ChangeOut]
    possible_duplicates: tuple[str, ...] = ()
    before_contact: list[ContactNoteOut] | None = Field(
        default=None,
        description="What to know before contact, as it stands now: on an action that reaches the victim, for its "
        "owner and the victim's side alone, and only where the action itself is read",
    )


class NoticeOut(Shown):
    """What one agency was told of a decision, and who received it; `action_id` is the sender's where nobody did.

    `ended_because` says why nobody need receive it any more.
    """

    id: str
    case_id: str
    decision_id: str
    agency: str
    role: Role
    steps: list[str]
    asks: list[str]
    sender_role: Role
    sender_agency: str | None
    sent_at: Instant
    received_at: Instant | None
    received_by: str | None
    action_id: str | None
    ended_because: str | None


class ItemOut(Shown):
    """What came of one item of a call: the action as it stands after it, or the problem for which it was refused."""

    action_id: str
    status: int = Field(description="The status that the same request about this action alone would have had")
    version: int | None = Field(default=None, description="The number of the action's new ETag")
    state: ActionState | None = None
    problem: dict[str, Any] | None = Field(default=None, description="Problem details, as of a request that failed")


class ItemsOut(Shown):
    """What came of each item, in the order in which they were sent. What is refused changes nothing of the rest."""

    recorded: int
    refused: int
    items: list[ItemOut]
