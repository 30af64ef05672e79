"""What callers send and see when a policy changes: drafts, activations, what-ifs. A policy's text is TOML, as one string."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import Instant, Line, Shown, Strict, Text
from app.routing.loading.drafts import MOST_BYTES

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


class ActivationReasonRequest(Strict):
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
    proposal: "ActivationProposalOut | None" = None
    activation: "ActivationOut | None" = None


class ActivationProposalOut(Shown):
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
