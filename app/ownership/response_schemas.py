"""Needs, proposals and transfers as they are shown over HTTP."""

from datetime import date

from app.foundation.web.schema import Code, Instant, Shown
from app.ownership.vocabulary import DeathReference, DeathSource, ProposalKind
from app.vocabulary import DeclineCode, EndReason, Forum, NeedKind, ProposalState, Role


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
    """How a proposal was answered. `claim_holds` is false when the claimed forum does not own the need."""

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
    kind: ProposalKind
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
    """A chair's decision against the order or a decline. The answer of its proposal says whether the owner changed."""

    id: str
    proposal_id: str
    reason: str
    overridden_by: str
    overridden_at: Instant


class EndingOut(Shown):
    """Why a need ended, in which role the chair said so, what proves it, and which second person confirmed it."""

    reason: EndReason
    note: str
    as_role: Role
    confirmed_by: str | None
    occurred_on: date | None
    duplicate_of: str | None
    transfer_id: str | None
    ended_by: str
    ended_at: Instant


class AskedEndingOut(Shown):
    """The chair says that a need ends. It is open and owned until `agency`, or another that may, confirms it."""

    id: str
    need_id: str
    case_id: str
    area: str
    kind: NeedKind
    reason: EndReason
    note: str
    as_role: Role
    occurred_on: date | None
    death_source: DeathSource | None
    death_reference: DeathReference | None
    death_dated: date | None
    duplicate_of: str | None
    actions_continue: list[str]
    role: Role
    agency: str
    asked_by: str
    asked_at: Instant
    answer_by: Instant
    state: ProposalState
    answer: str | None
    answered_by: str | None
    answered_at: Instant | None


class TransferAnswerOut(Shown):
    """How a transfer was answered."""

    state: ProposalState
    reason: str
    answered_by: str
    answered_at: Instant


class TransferOut(Shown):
    """A transfer with all it carries. `area` owns the victim's safety until the receiving area accepts."""

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
    heard_before: bool | None
    heard_on: date | None
    plan_sent: bool | None
    idva_handover_on: date | None
    agenda_out: bool | None
    actions_handed_over: list[str]
    requested_by: str
    requested_at: Instant
    answer_by: Instant
    state: ProposalState
    answer: TransferAnswerOut | None = None


class NeedOut(Shown):
    """A need: its one accepted owner, earlier owners, every proposal, every override, and how it ended."""

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
