"""What callers send and see when a policy changes: drafts, activations, what-ifs. A policy's text is TOML, as one string."""

from typing import Annotated

from pydantic import Field

from app.foundation.schema import Code, Instant, Line, Shown, Strict, Text
from app.routing.drafts import MOST_BYTES

PolicyText = Annotated[
    str, Field(min_length=1, max_length=MOST_BYTES, description="The whole policy, as TOML")
]
FileName = Annotated[
    str,
    Field(
        default="draft.toml",
        max_length=100,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="The name under which faults are reported",
    ),
]


class DraftRequest(Strict):
    """A policy as somebody wrote it."""

    text: PolicyText
    name: FileName = "draft.toml"


class WhatIfRequest(DraftRequest):
    """A policy, and the areas whose stored decisions it is tried on; none means every area of the caller."""

    areas: Annotated[list[Code], Field(max_length=100)] | None = None


class ReasonRequest(Strict):
    """Why the draft should be put in force."""

    reason: Text


class ActivationRequest(Strict):
    """Where it was approved: the board, the date and the minute."""

    approved_where: Line


class DraftOut(Shown):
    """A draft and how far it has come."""

    id: str
    policy_id: str
    version: str
    in_force: Instant
    sha256: str
    drafted_by: str
    drafted_at: Instant
    state: str
    proposal: "ProposalOut | None" = None
    activation: "ActivationOut | None" = None


class ProposalOut(Shown):
    """Somebody asked that the draft be put in force."""

    id: str
    draft_id: str
    reason: str
    proposed_by: str
    proposed_at: Instant


class ActivationOut(Shown):
    """A second person put the draft in force. `changelog` was written by comparing it with what it follows."""

    id: str
    draft_id: str
    policy_id: str
    version: str
    in_force: Instant
    follows: str
    proposed_by: str
    activated_by: str
    activated_at: Instant
    approved_where: str
    changelog: list[str]


class DraftsOut(Shown):
    """Every draft, the newest first."""

    items: list[DraftOut]


class ChangelogOut(Shown):
    """Every activation of a policy, the one that applies last first."""

    items: list[ActivationOut]


class MovedOut(Shown):
    """One thing the draft answers differently from the stored decision."""

    what: str
    was: str
    now: str


class ChangedDecisionOut(Shown):
    """A stored decision that the draft would have made differently."""

    decision_id: str
    case_id: str
    area: str
    moved: list[MovedOut]
    duties_gained: list[str]
    duties_lost: list[str]


class AreaImpactOut(Shown):
    """What the draft would have meant in one area. Hearings are MARAC hearings."""

    decisions: int
    changed: int
    hearings_more: int
    hearings_fewer: int
    first_decided_at: Instant
    last_decided_at: Instant


class ImpactOut(Shown):
    """What was found on stored decisions: each case's latest, decided again on the facts of its own day."""

    changed: list[ChangedDecisionOut]
    changed_more: int
    undecidable: list[str]
    areas: dict[str, AreaImpactOut]
    moves: dict[str, int]


class WhatIfOut(Shown):
    """What a draft would change: exactly over all situations, and on stored decisions. Nothing is routed."""

    id: str | None
    preview: bool = True
    policy: str
    follows: str
    difference: list[str]
    total: int
    done: int
    finished: bool
    impact: ImpactOut
    links: dict[str, str]


class ToConfirmOut(Shown):
    """An open case that the new policy would route differently. It stays as it is until a person has it decided anew."""

    case_id: str
    reference: str
    area: str
    decision_id: str
    decided_at: Instant
    policy: str
    decidable: bool
    moved: list[MovedOut]
    duties_gained: list[str]
    duties_lost: list[str]
    confirm: str


class ToConfirmListOut(Shown):
    """The open cases for a person to look at, the longest decided first. None of them has been routed anew."""

    activation_id: str
    policy: str
    in_force: Instant
    open_cases: int
    items: list[ToConfirmOut]
