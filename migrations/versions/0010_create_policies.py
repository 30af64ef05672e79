"""Create policies: drafts, proposals, activations by a second person, and what-ifs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import append_only, grant, secure_rows

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT = ("policy_draft", "policy_proposal", "policy_activation")


def upgrade() -> None:
    op.create_table(
        "policy_draft",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("in_force", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("base_text", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_draft")),
        sa.UniqueConstraint("id", "drafted_by", name=op.f("uq_policy_draft_id_drafted_by")),
    )
    op.create_index("ix_policy_draft_policy_id", "policy_draft", ["policy_id", "version"], unique=False)
    op.create_table(
        "policy_proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["policy_draft.id"], name=op.f("fk_policy_proposal_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_proposal")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_policy_proposal_draft_id")),
        sa.UniqueConstraint(
            "id", "draft_id", "proposed_by", name=op.f("uq_policy_proposal_id_draft_id_proposed_by")
        ),
    )
    op.create_table(
        "policy_activation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("activated_by", sa.String(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("in_force", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_where", sa.String(), nullable=False),
        sa.Column("follows", sa.String(), nullable=False),
        sa.Column("changelog", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "activated_by <> proposed_by AND activated_by <> drafted_by",
            name=op.f("ck_policy_activation_second_person"),
        ),
        sa.CheckConstraint("in_force > activated_at", name=op.f("ck_policy_activation_never_backwards")),
        sa.ForeignKeyConstraint(
            ["proposal_id", "draft_id", "proposed_by"],
            ["policy_proposal.id", "policy_proposal.draft_id", "policy_proposal.proposed_by"],
            name=op.f("fk_policy_activation_the_proposer"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id", "drafted_by"],
            ["policy_draft.id", "policy_draft.drafted_by"],
            name=op.f("fk_policy_activation_the_drafter"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_activation")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_policy_activation_draft_id")),
        sa.UniqueConstraint("policy_id", "in_force", name=op.f("uq_policy_activation_policy_id_in_force")),
        sa.UniqueConstraint("policy_id", "version", name=op.f("uq_policy_activation_policy_id_version")),
    )
    op.create_table(
        "policy_what_if",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("base_text", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("areas", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("until_number", sa.BigInteger(), nullable=False),
        sa.Column("found", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("done <= total", name=op.f("ck_policy_what_if_progress")),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (done < total)", name=op.f("ck_policy_what_if_finished_when_all_is_done")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_what_if")),
    )
    for table in KEPT:
        grant(table, "SELECT", "INSERT")
        append_only(table)
    grant("policy_what_if", "SELECT", "INSERT", "UPDATE (done, last_number, found, finished_at)")
    secure_rows("policy_what_if")


def downgrade() -> None:
    op.drop_table("policy_what_if")
    op.drop_table("policy_activation")
    op.drop_table("policy_proposal")
    op.drop_table("policy_draft")
