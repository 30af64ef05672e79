"""What is said about needs, proposals and answers over HTTP. One list of fields, long because it is read as one contract."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from app.foundation.web.schema import CivilDate, Code, Instant, Line, Shown, Strict, Text, Tri
from app.vocabulary import DeclineCode, EndReason, Forum, NeedKind, ProposalState

Reason = Annotated[str, Field(min_length=15, max_length=2000)]
Account = Annotated[str, Field(min_length=15, max_length=10_000)]


def refuse_misplaced(sent: BaseModel, word: str, needed: Mapping[str, tuple[str, ...]]) -> None:
    """Each word carries the fields it needs, all of them, and none that belong to another word."""
    own = needed.get(word, ())
    fields = {name for names in needed.values() for name in names}
    absent = sorted(name for name in own if not getattr(sent, name))
    foreign = sorted(name for name in fields - set(own) if getattr(sent, name))
    if absent:
        raise ValueError(f"{word} needs {' and '.join(absent)}")
    if foreign:
        raise ValueError(f"{word} may not carry {' or '.join(foreign)}")


NAMED_BY_CODE: Mapping[str, tuple[str, ...]] = {
    DeclineCode.MANAGED_ELSEWHERE: ("claimed_forum",),
    DeclineCode.INSUFFICIENT_INFO: ("missing",),
    DeclineCode.OUT_OF_AREA: ("to_area",),
    DeclineCode.DUPLICATE: ("duplicate_of",),
}
NAMED_BY_REASON: Mapping[str, tuple[str, ...]] = {
    EndReason.RISK_RESOLVED: ("occurred_on",),
    EndReason.MOVED: ("transfer_id",),
    EndReason.DECEASED: ("occurred_on", "confirmed_by"),
    EndReason.CUSTODY_NO_RELEASE: ("occurred_on", "confirmed_by"),
    EndReason.DUPLICATE_OF: ("duplicate_of",),
}


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
    missing: Annotated[tuple[Line, ...], Field(max_length=10)] = Field(
        default=(), description="With INSUFFICIENT_INFO: what must be known before the forum can answer"
    )
    to_area: Code | None = Field(default=None, description="With OUT_OF_AREA: the area to ask instead")
    duplicate_of: Code | None = Field(
        default=None, description="With DUPLICATE: the need, proposal or case on record that this repeats"
    )

    @model_validator(mode="after")
    def _code_names_what_it_must(self) -> "DeclineRequest":
        refuse_misplaced(self, self.code, NAMED_BY_CODE)
        return self


class WithdrawalRequest(Strict):
    """The sender takes the request back. The forum did not say no, and may be asked again."""

    reason: Reason


class OverrideRequest(Strict):
    """A chair names who should own the need, against the order or a "no". The present owner stays until they accept."""

    forum: Forum
    agency: Code | None = Field(
        default=None, description="Left out: the agency that fills the forum's post in the area"
    )
    reason: Reason


class ProposalRequest(Strict):
    """A forum is asked to lead a need."""

    forum: Forum
    reason: Reason


class EndingRequest(Strict):
    """A need ends for one of five reasons only, said by the owning forum's chair. Each names what proves it."""

    reason: EndReason
    note: Reason
    occurred_on: CivilDate | None = Field(
        default=None,
        description="RISK_RESOLVED: the day of the assessment that found it. DECEASED, CUSTODY_NO_RELEASE: since when",
    )
    confirmed_by: Code | None = Field(
        default=None, description="DECEASED, CUSTODY_NO_RELEASE: the agency that confirmed it"
    )
    duplicate_of: Code | None = Field(
        default=None, description="DUPLICATE_OF: the open need that carries on for these cases"
    )
    transfer_id: Code | None = Field(
        default=None, description="MOVED: the transfer that the receiving area accepted"
    )
    actions_continue: Annotated[tuple[Code, ...], Field(max_length=500)] = Field(
        default=(), description="Every unfinished action that goes on although the need has ended"
    )

    @model_validator(mode="after")
    def _reason_names_what_proves_it(self) -> "EndingRequest":
        refuse_misplaced(self, self.reason, NAMED_BY_REASON)
        return self


class TransferRequest(Strict):
    """The victim moves: what the receiving area must have to carry on. It owns nothing until it accepts."""

    to_area: Code
    plan: Account = Field(description="The safety plan as it stands, with what has been done")
    minutes: Account = Field(description="The minutes, or that the case has not been heard")
    idva_handover: Account = Field(
        description="IDVA to IDVA: what was agreed, and how she can be reached safely"
    )
    heard_on: CivilDate | None = None
    agenda_out: Tri = None
    actions_handed_over: Annotated[tuple[Code, ...], Field(max_length=200)] = Field(
        default=(), description="Unfinished actions that go along; the others stay with their owners"
    )


class TransferDeclineRequest(Strict):
    """Why the receiving area does not take it. The area she leaves goes on owning her safety."""

    reason: Reason


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
    missing: list[str] | None
    to_area: str | None
    duplicate_of: str | None
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


class OverrideOut(Shown):
    """A chair's decision against the order or a "no". Whether it moved anything, the proposal's answer says."""

    id: str
    proposal_id: str
    reason: str
    overridden_by: str
    overridden_at: Instant


class EndingOut(Shown):
    """Why a need ended, in which role this was said, and what proves it."""

    reason: EndReason
    note: str
    as_role: str
    confirmed_by: str | None
    occurred_on: date | None
    duplicate_of: str | None
    transfer_id: str | None
    ended_by: str
    ended_at: Instant


class TransferAnswerOut(Shown):
    """How a transfer was answered."""

    state: ProposalState
    reason: str
    answered_by: str
    answered_at: Instant


class TransferOut(Shown):
    """A transfer with all it carries. `area` owns her safety until the receiving area accepts."""

    id: str
    case_id: str
    need_id: str
    area: str
    to_area: str
    sender_agency: str
    receiver_agency: str
    plan: str
    minutes: str
    idva_handover: str
    heard_on: date | None
    agenda_out: bool | None
    actions_handed_over: list[str]
    requested_by: str
    requested_at: Instant
    answer_by: Instant
    state: ProposalState
    answer: TransferAnswerOut | None = None


class NeedOut(Shown):
    """A need, its one accepted owner now, everyone who owned it before, everyone who was asked, and how it ended."""

    id: str
    kind: NeedKind
    area: str
    opened_at: Instant
    ended_at: Instant | None
    end_reason: str | None
    owner: OwnerOut | None
    owners: list[OwnerOut]
    proposals: list[ProposalOut]
    overrides: list[OverrideOut]
    ending: EndingOut | None
