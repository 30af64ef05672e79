"""The tables of drafts, proposals, activations and shipped texts. A policy's text is stored whole and never changed."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base
from app.foundation.storage.guards import APPEND_ONLY


class PolicyDraft(Base):
    """A policy that a person wrote; it was proved when it arrived. `base_text` is the text that it extends."""

    __tablename__ = "policy_draft"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        UniqueConstraint("id", "drafted_by"),
        Index("ix_policy_draft_sha256", "sha256"),
        Index("ix_policy_draft_policy_id", "policy_id", "version"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    policy_id: Mapped[str]
    version: Mapped[str]
    in_force: Mapped[datetime]
    text: Mapped[str]
    base_text: Mapped[str | None]
    sha256: Mapped[str]
    drafted_by: Mapped[str]
    drafted_at: Mapped[datetime]


class PolicyProposal(Base):
    """A person proposes that a draft be put in force, and says why."""

    __tablename__ = "policy_proposal"
    __guards__ = APPEND_ONLY
    __table_args__ = (UniqueConstraint("draft_id"), UniqueConstraint("id", "draft_id", "proposed_by"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("policy_draft.id"))
    reason: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]


class PolicyActivation(Base):
    """A second person put the draft in force; `changelog` is its difference from the policy that it follows."""

    __tablename__ = "policy_activation"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        UniqueConstraint("draft_id"),
        UniqueConstraint("policy_id", "in_force"),
        UniqueConstraint("policy_id", "version"),
        ForeignKeyConstraint(
            # Composite keys bring the persons of the earlier steps into this row, where a CHECK compares them.
            ["proposal_id", "draft_id", "proposed_by"],
            ["policy_proposal.id", "policy_proposal.draft_id", "policy_proposal.proposed_by"],
            name="fk_policy_activation_the_proposer",
        ),
        ForeignKeyConstraint(
            ["draft_id", "drafted_by"],
            ["policy_draft.id", "policy_draft.drafted_by"],
            name="fk_policy_activation_the_drafter",
        ),
        CheckConstraint(
            "is_second_person(activated_by, proposed_by) AND is_second_person(activated_by, drafted_by)",
            name="second_person",
        ),
        CheckConstraint("in_force > activated_at", name="never_backwards"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    draft_id: Mapped[str] = mapped_column(Text)
    drafted_by: Mapped[str]
    proposal_id: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str]
    activated_by: Mapped[str]
    activated_at: Mapped[datetime]
    policy_id: Mapped[str]
    version: Mapped[str]
    in_force: Mapped[datetime]
    approved_where: Mapped[str]
    follows: Mapped[str]
    changelog: Mapped[list[str]] = mapped_column(JSONB)


class ShippedText(Base):
    """The text of a policy that some release shipped, kept so that decisions made under it can be printed again."""

    __tablename__ = "shipped_policy_text"
    __guards__ = APPEND_ONLY

    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    policy_id: Mapped[str]
    version: Mapped[str]
    text: Mapped[str]
    base_text: Mapped[str | None]
    kept_at: Mapped[datetime]
