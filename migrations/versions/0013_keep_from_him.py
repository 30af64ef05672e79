"""What he must never learn is kept apart and sealed; her cases and unfinished ladders are found quickly."""

import sqlalchemy as sa
from alembic import op

from migrations.guards import append_only, grant, secure_rows

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

VISIBLE = "row_is_visible(area, agencies)"


def upgrade() -> None:
    op.create_table(
        "not_for_disclosure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_not_for_disclosure_referral_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_not_for_disclosure_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_for_disclosure")),
        sa.UniqueConstraint("number", name=op.f("uq_not_for_disclosure_number")),
    )
    op.create_index("ix_not_for_disclosure_referral_id", "not_for_disclosure", ["referral_id"], unique=False)
    grant("not_for_disclosure", "SELECT", "INSERT")
    secure_rows("not_for_disclosure")
    op.execute(
        f"ALTER POLICY not_for_disclosure_rows ON not_for_disclosure USING ({VISIBLE} OR case_is_of_my_area(case_id)) "
        f"WITH CHECK ({VISIBLE})"
    )
    append_only("not_for_disclosure")
    op.create_index("ix_case_victim_ref", "case_file", ["victim_ref"], unique=False)
    op.create_index(
        "ix_reminder_timer_said",
        "reminder_timer",
        ["subject_id"],
        unique=False,
        postgresql_where=sa.text("state = 'fired' AND withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_reminder_timer_said", "reminder_timer")
    op.drop_index("ix_case_victim_ref", "case_file")
    op.drop_table("not_for_disclosure")
