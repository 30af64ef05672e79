"""Create meetings."""

import sqlalchemy as sa
from alembic import op

from migrations.guards import append_only, grant, secure_rows

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("forum", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("cut_off_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cut_off_on <= held_on", name=op.f("ck_meeting_cut_off_before_meeting")),
        sa.ForeignKeyConstraint(["area"], ["area.code"], name=op.f("fk_meeting_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("area", "forum", "held_on", name=op.f("uq_meeting_area_forum_held_on")),
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=True),
        sa.Column("forum", sa.String(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_listing_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_listing_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint(
            "case_id",
            "meeting_id",
            name=op.f("uq_listing_case_id_meeting_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_listing_meeting_id", "listing", ["meeting_id"], unique=False)
    op.create_table(
        "discharge",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("forum", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("discharged_by", sa.String(), nullable=False),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_discharge_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharge")),
    )
    op.create_index("ix_discharge_case_id", "discharge", ["case_id"], unique=False)
    grant("meeting", "SELECT", "INSERT")
    grant("listing", "SELECT", "INSERT", "UPDATE (meeting_id, heard_on)")
    grant("discharge", "SELECT", "INSERT")
    append_only("discharge")
    for table in ("listing", "discharge"):
        secure_rows(table)


def downgrade() -> None:
    op.drop_table("discharge")
    op.drop_table("listing")
    op.drop_table("meeting")
