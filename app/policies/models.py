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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base
from app.foundation.storage.guards import APPEND_ONLY, RowSecurity
from app.vocabulary import POLICY_ID, POLICY_VERSION

_IN_SCOPE = (
    "CASE current_setting('app.row_scope') WHEN 'system' THEN true WHEN 'area' THEN {} "
    "string_to_array(current_setting('app.areas'), ',') ELSE false END"
)
OF_ALL_ITS_AREAS = _IN_SCOPE.format("areas <@")
# What decides referrals is published: whoever works under a policy may read who put it in force, where and why.
PUBLISHED = "true"


class PolicyDraft(Base):
    """A policy that a person wrote; it was proved when it arrived. `base_text` is the text that it extends.

    `areas` are those that it is for: they follow it once it is in force. Until then only who works in all of them sees
    it.
    """

    __tablename__ = "policy_draft"
    __guards__ = APPEND_ONLY
    __row_security__ = RowSecurity(
        f"({OF_ALL_ITS_AREAS}) OR EXISTS (SELECT FROM policy_activation WHERE draft_id = policy_draft.id)",
        OF_ALL_ITS_AREAS,
    )
    __table_args__ = (
        # Composite keys bring areas and persons into the later steps' rows, where row security and a CHECK read them.
        UniqueConstraint("id", "areas"),
        UniqueConstraint("id", "drafted_by", "areas", "policy_id", "version", "in_force", name="uq_policy_draft_whole"),
        CheckConstraint(f"policy_id ~ '{POLICY_ID}'", name="policy_id"),
        CheckConstraint(f"version ~ '{POLICY_VERSION}'", name="version"),
        CheckConstraint("cardinality(areas) > 0", name="is_for_an_area"),
        Index("ix_policy_draft_sha256", "sha256"),
        Index("ix_policy_draft_policy_id", "policy_id", "version"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
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
    __row_security__ = RowSecurity(OF_ALL_ITS_AREAS)
    __table_args__ = (
        UniqueConstraint("draft_id"),
        UniqueConstraint("id", "draft_id", "proposed_by"),
        ForeignKeyConstraint(
            ["draft_id", "areas"], ["policy_draft.id", "policy_draft.areas"], name="fk_policy_proposal_the_draft"
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    draft_id: Mapped[str] = mapped_column(Text)
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]


class PolicyActivation(Base):
    """A second person put the draft in force; `changelog` is its difference from the policy that it follows."""

    __tablename__ = "policy_activation"
    __guards__ = APPEND_ONLY
    __row_security__ = RowSecurity(PUBLISHED, OF_ALL_ITS_AREAS)
    __table_args__ = (
        UniqueConstraint("draft_id"),
        UniqueConstraint("policy_id", "in_force"),
        UniqueConstraint("policy_id", "version"),
        UniqueConstraint("id", "policy_id", "in_force"),
        ForeignKeyConstraint(
            ["proposal_id", "draft_id", "proposed_by"],
            ["policy_proposal.id", "policy_proposal.draft_id", "policy_proposal.proposed_by"],
            name="fk_policy_activation_the_proposer",
        ),
        ForeignKeyConstraint(
            ["draft_id", "drafted_by", "areas", "policy_id", "version", "in_force"],
            [f"policy_draft.{each}" for each in ("id", "drafted_by", "areas", "policy_id", "version", "in_force")],
            name="fk_policy_activation_the_draft",
        ),
        CheckConstraint(
            "is_second_person(activated_by, proposed_by) AND is_second_person(activated_by, drafted_by)",
            name="second_person",
        ),
        CheckConstraint("in_force > activated_at", name="never_backwards"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    draft_id: Mapped[str] = mapped_column(Text)
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
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


class AreaPolicy(Base):
    """From this instant on the area follows this policy, because people put it in force there.

    Before the first such row it follows its `policy_profile`.
    """

    __tablename__ = "area_policy"
    __guards__ = APPEND_ONLY
    __row_security__ = RowSecurity(PUBLISHED, OF_ALL_ITS_AREAS.replace("areas <@", "ARRAY[area] <@"))
    __table_args__ = (
        ForeignKeyConstraint(
            ["activation_id", "policy_id", "in_force"],
            ["policy_activation.id", "policy_activation.policy_id", "policy_activation.in_force"],
            name="fk_area_policy_the_activation",
        ),
        Index("ix_area_policy_policy_id", "policy_id"),
        Index("ix_area_policy_activation_id", "activation_id"),
    )

    # The key: no area begins to follow two policies at once.
    area: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    in_force: Mapped[datetime] = mapped_column(primary_key=True)
    policy_id: Mapped[str]
    activation_id: Mapped[str]


class ShippedText(Base):
    """The text of a policy that some release shipped, kept so that decisions made under it can be printed again."""

    __tablename__ = "shipped_policy_text"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        CheckConstraint(f"policy_id ~ '{POLICY_ID}'", name="policy_id"),
        CheckConstraint(f"version ~ '{POLICY_VERSION}'", name="version"),
    )

    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    policy_id: Mapped[str]
    version: Mapped[str]
    text: Mapped[str]
    base_text: Mapped[str | None]
    kept_at: Mapped[datetime]
