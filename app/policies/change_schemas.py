"""What callers send and see of drafts, proposals and activations. The text of a policy is TOML in one string."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import Code, Instant, Line, Shown, Strict, Text
from app.routing.loading.drafts import MAX_BYTES

PolicyText = Annotated[str, Field(min_length=1, max_length=MAX_BYTES, description="The whole policy, as TOML")]
FileName = Annotated[
    str,
    Field(
        default="draft.toml",
        max_length=100,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="The name under which faults are reported",
    ),
]


class PolicyTextRequest(Strict):
    """A policy as a person wrote it."""

    text: PolicyText
    name: FileName = "draft.toml"


class DraftRequest(PolicyTextRequest):
    """A policy, and the areas that are to follow it: every area that follows a policy of its id already, and others."""

    areas: Annotated[list[Code], Field(min_length=1, max_length=100)]


class ActivationReasonRequest(Strict):
    """Why the draft should be put in force."""

    reason: Text


class ActivationRequest(Strict):
    """Where the draft was approved: the board, the date and the minute."""

    approved_where: Line


class DraftOut(Shown):
    """A draft and its state: drafted, proposed or activated."""

    id: str
    areas: list[str]
    policy_id: str
    version: str
    in_force: Instant
    sha256: str
    drafted_by: str
    drafted_at: Instant
    state: str
    proposal: "ActivationProposalOut | None" = None
    activation: "ActivationOut | None" = None


class ActivationProposalOut(Shown):
    """A person proposed that the draft be put in force."""

    id: str
    draft_id: str
    reason: str
    proposed_by: str
    proposed_at: Instant


class ActivationOut(Shown):
    """A second person put the draft in force in its areas. `changelog` is its difference from what it follows."""

    id: str
    draft_id: str
    areas: list[str]
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
    """Every draft for an area of the caller, the newest first."""

    items: list[DraftOut]


class ChangelogOut(Shown):
    """Every activation of a policy, the latest `in_force` first."""

    items: list[ActivationOut]
