"""Create actions."""

import sqlalchemy as sa
from alembic import op

from migrations.guards import append_only, grant, secure_rows

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANGEABLE = "agencies, owner_agency, owner_role, due_on, due_at, sort_at, state, outcome, last_reviewed_at, due_version, version, forums"


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=True),
        sa.Column("duty", sa.String(), nullable=True),
        sa.Column("forums", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.Column("done_when", sa.String(), nullable=False),
        sa.Column("owner_agency", sa.String(), nullable=True),
        sa.Column("owner_role", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("life_safety", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("last_reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(state = 'OPEN') = (outcome IS NULL)", name=op.f("ck_action_outcome_unless_open")
        ),
        sa.CheckConstraint("(due_on IS NULL) <> (due_at IS NULL)", name=op.f("ck_action_one_deadline")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_action_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_action_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index("ix_action_case_id", "action", ["case_id"], unique=False)
    op.create_index(
        "ix_action_due",
        "action",
        ["sort_at", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'REVIEWED'"),
    )
    op.create_index(
        "uq_action_open_duty",
        "action",
        ["case_id", "duty"],
        unique=True,
        postgresql_where=sa.text("state = 'OPEN' AND duty IS NOT NULL"),
    )
    op.create_table(
        "action_report",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reported_by", sa.String(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_report_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_report")),
        sa.UniqueConstraint("id", "reported_by", name=op.f("uq_action_report_id_reported_by")),
    )
    op.create_index("ix_action_report_action_id", "action_report", ["action_id"], unique=False)
    op.create_table(
        "action_review",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=True),
        sa.Column("reported_by", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(report_id IS NULL) = (reported_by IS NULL)",
            name=op.f("ck_action_review_reporter_of_the_report"),
        ),
        sa.CheckConstraint(
            "reported_by IS NULL OR reviewed_by <> reported_by", name=op.f("ck_action_review_second_person")
        ),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_review_action_id")),
        sa.ForeignKeyConstraint(["report_id"], ["action_report.id"], name=op.f("fk_action_review_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_review")),
    )
    op.create_index("ix_action_review_action_id", "action_review", ["action_id"], unique=False)
    op.create_table(
        "action_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_change_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_change")),
    )
    op.create_index("ix_action_change_action_id", "action_change", ["action_id"], unique=False)
    grant("action", "SELECT", "INSERT", f"UPDATE ({CHANGEABLE})")
    secure_rows("action")
    for table in ("action_report", "action_review", "action_change"):
        grant(table, "SELECT", "INSERT")
        secure_rows(table)
        append_only(table)


def downgrade() -> None:
    op.drop_table("action_change")
    op.drop_table("action_review")
    op.drop_table("action_report")
    op.drop_table("action")
