"""What is said about needs, proposals and answers over HTTP."""

from typing import Annotated

from pydantic import Field, model_validator

from app.foundation.schema import Code, Instant, Shown, Strict, Text
from app.vocabulary import DeclineCode, Forum, NeedKind, ProposalState

Reason = Annotated[str, Field(min_length=15, max_length=2000)]


class AcceptanceRequest(Strict):
    """The forum takes the need. From this instant it owns it, and the earlier holder no longer does."""

    note: Text | None = None


class DeclineRequest(Strict):
    """Why the forum says no. The holder keeps the need; the chair and the referrer are told at once."""

    code: DeclineCode
    reason: Reason
    claimed_forum: Forum | None = Field(
        default=None, description="With MANAGED_ELSEWHERE: which forum manages him. It is checked."
    )

    @model_validator(mode="after")
    def _claim_names_its_forum(self) -> "DeclineRequest":
        if (self.code is DeclineCode.MANAGED_ELSEWHERE) != (self.claimed_forum is not None):
            raise ValueError("MANAGED_ELSEWHERE needs claimed_forum, and no other code may carry it")
        return self


class ProposalRequest(Strict):
    """A forum is asked to lead a need."""

    forum: Forum
    reason: Reason


class EndingRequest(Strict):
    """A need ends for one of five reasons only, said by the owning forum's chair."""

    reason: str
    note: Reason


class OwnerOut(Shown):
    """Who owns a need, from when, and until when; `until` is null while they own it."""

    forum: Forum
    role: str
    agency: str
    since: Instant
    until: Instant | None
    accepted_by: str
    proposal_id: str | None


class AnswerOut(Shown):
    """How a proposal was answered. `claim_holds` false: nobody has accepted what the decline says is managed."""

    state: ProposalState
    code: DeclineCode | None
    claimed_forum: Forum | None
    claim_holds: bool | None
    reason: str
    answered_by: str
    answered_at: Instant


class ProposalOut(Shown):
    """A request to lead or to support, and its answer once there is one."""

    id: str
    need_id: str
    case_id: str
    decision_id: str | None
    area: str
    kind: str
    forum: Forum
    role: str
    agency: Code | None
    sender_agency: str
    because: str
    proposed_at: Instant
    answer_by: Instant
    state: ProposalState
    answer: AnswerOut | None = None


class NeedOut(Shown):
    """A need, its one accepted owner now, everyone who owned it before, and everyone who was asked."""

    id: str
    kind: NeedKind
    area: str
    opened_at: Instant
    ended_at: Instant | None
    end_reason: str | None
    owner: OwnerOut | None
    owners: list[OwnerOut]
    proposals: list[ProposalOut]
