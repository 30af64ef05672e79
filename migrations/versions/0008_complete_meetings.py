"""Complete meetings: cycles, research, attendance, emergency decisions, chair's reviews, minutes, MAPPA referrals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import APP_ROLE, append_only, grant, secure_rows

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RECORDS = (
    "attendance",
    "emergency_decision",
    "invitation",
    "meeting_completion",
    "minutes",
    "deferral",
    "mappa_referral",
    "meeting_review",
    "plan_action",
    "research_request",
    "research_return",
)


def upgrade() -> None:
    op.create_table(
        "meeting_cycle",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("forum", sa.String(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("cut_off_days", sa.Integer(), nullable=False),
        sa.Column("cut_off_unit", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cut_off_unit IN ('WORKING_DAYS', 'CALENDAR_DAYS')", name=op.f("ck_meeting_cycle_cut_off_unit")
        ),
        sa.CheckConstraint("cut_off_days BETWEEN 0 AND 30", name=op.f("ck_meeting_cycle_cut_off_days")),
        sa.CheckConstraint("every_days BETWEEN 1 AND 42", name=op.f("ck_meeting_cycle_every_days")),
        sa.ForeignKeyConstraint(["area"], ["area.code"], name=op.f("fk_meeting_cycle_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_cycle")),
        sa.UniqueConstraint("area", "forum", "first_on", name=op.f("uq_meeting_cycle_area_forum_first_on")),
    )
    op.create_table(
        "attendance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "how IN ('PRESENT', 'SENT_INFORMATION', 'NEITHER')", name=op.f("ck_attendance_how")
        ),
        sa.ForeignKeyConstraint(["agency"], ["agency.code"], name=op.f("fk_attendance_agency")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("number", name=op.f("uq_attendance_number")),
    )
    op.create_index("ix_attendance_meeting_id", "attendance", ["meeting_id"], unique=False)
    op.create_table(
        "emergency_decision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(answer = 'HOLD') = (held_on IS NOT NULL)",
            name=op.f("ck_emergency_decision_a_meeting_has_a_day"),
        ),
        sa.CheckConstraint("answer IN ('HOLD', 'DO_NOT_HOLD')", name=op.f("ck_emergency_decision_answer")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_emergency_decision_case_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_emergency_decision_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_decision")),
    )
    op.create_index("ix_emergency_decision_case_id", "emergency_decision", ["case_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("party IN ('VICTIM', 'PERPETRATOR')", name=op.f("ck_invitation_party")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_invitation_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_invitation_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint(
            "meeting_id", "case_id", "party", "role", name=op.f("uq_invitation_meeting_id_case_id_party_role")
        ),
    )
    op.create_index("ix_invitation_case_id", "invitation", ["case_id"], unique=False)
    op.create_table(
        "meeting_completion",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("minutes_due_on", sa.Date(), nullable=False),
        sa.Column("completed_by", sa.String(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_completion_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_completion")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_meeting_completion_meeting_id")),
    )
    op.create_table(
        "minutes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
    )
    op.create_index("ix_minutes_meeting_id", "minutes", ["meeting_id"], unique=False)
    op.create_table(
        "deferral",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("from_meeting_id", sa.Text(), nullable=True),
        sa.Column("to_meeting_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("deferred_by", sa.String(), nullable=False),
        sa.Column("deferred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_deferral_case_id")),
        sa.ForeignKeyConstraint(
            ["from_meeting_id"], ["meeting.id"], name=op.f("fk_deferral_from_meeting_id")
        ),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_deferral_listing_id")),
        sa.ForeignKeyConstraint(["to_meeting_id"], ["meeting.id"], name=op.f("fk_deferral_to_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferral")),
    )
    op.create_index("ix_deferral_case_id", "deferral", ["case_id"], unique=False)
    op.create_table(
        "mappa_referral",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("referring_agency", sa.String(), nullable=False),
        sa.Column("referred_by", sa.String(), nullable=False),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("level IN (2, 3)", name=op.f("ck_mappa_referral_level")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_mappa_referral_case_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_mappa_referral_need_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_mappa_referral_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mappa_referral")),
    )
    op.create_index("ix_mappa_referral_case_id", "mappa_referral", ["case_id"], unique=False)
    op.create_table(
        "meeting_review",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "finding IN ('ON_COURSE', 'CONTINUES', 'REASSIGNED', 'ESCALATED')",
            name=op.f("ck_meeting_review_finding"),
        ),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_meeting_review_action_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_meeting_review_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_review_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_review")),
    )
    op.create_index("ix_meeting_review_action_id", "meeting_review", ["action_id"], unique=False)
    op.create_index("ix_meeting_review_meeting_id", "meeting_review", ["meeting_id"], unique=False)
    op.create_table(
        "plan_action",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("aimed_at", sa.String(), nullable=False),
        sa.Column("repeats_action_id", sa.Text(), nullable=True),
        sa.Column("reuse_reason", sa.String(), nullable=True),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "aimed_at IN ('VICTIM', 'PERPETRATOR', 'CHILDREN', 'OTHER')", name=op.f("ck_plan_action_aimed_at")
        ),
        sa.CheckConstraint(
            "(repeats_action_id IS NULL) = (reuse_reason IS NULL)",
            name=op.f("ck_plan_action_reuse_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_plan_action_action_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_plan_action_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_plan_action_meeting_id")),
        sa.ForeignKeyConstraint(
            ["repeats_action_id"], ["action.id"], name=op.f("fk_plan_action_repeats_action_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
        sa.UniqueConstraint("action_id", name=op.f("uq_plan_action_action_id")),
    )
    op.create_index("ix_plan_action_case_id", "plan_action", ["case_id"], unique=False)
    op.create_table(
        "research_request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("form IN ('AGENCY', 'SUPERVISION')", name=op.f("ck_research_request_form")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_research_request_action_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_research_request_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_research_request_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_request")),
        sa.UniqueConstraint(
            "meeting_id", "case_id", "agency", name=op.f("uq_research_request_meeting_id_case_id_agency")
        ),
    )
    op.create_index("ix_research_request_case_id", "research_request", ["case_id"], unique=False)
    op.create_table(
        "research_return",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("countersigned_by", sa.String(), nullable=True),
        sa.Column("returned_by", sa.String(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "countersigned_by IS NULL OR countersigned_by <> returned_by",
            name=op.f("ck_research_return_second_person"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_research_return_case_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["research_request.id"], name=op.f("fk_research_return_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_return")),
    )
    op.create_index("ix_research_return_request_id", "research_return", ["request_id"], unique=False)
    op.create_index(
        "ix_listing_without_meeting",
        "listing",
        ["area", "forum"],
        unique=False,
        postgresql_where=sa.text("meeting_id IS NULL"),
    )
    op.add_column("meeting", sa.Column("kind", sa.String(), nullable=False, server_default="ORDINARY"))
    op.alter_column("meeting", "kind", server_default=None)
    op.create_check_constraint(op.f("ck_meeting_kind"), "meeting", "kind IN ('ORDINARY', 'EMERGENCY')")
    op.add_column("meeting", sa.Column("cycle_id", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_meeting_cycle_id"), "meeting", "meeting_cycle", ["cycle_id"], ["id"])

    grant("meeting_cycle", "SELECT", "INSERT")
    grant("listing", "UPDATE (agencies)")
    for table in RECORDS:
        grant(table, "SELECT", "INSERT")
        secure_rows(table)
        append_only(table)


def downgrade() -> None:
    op.execute(f"REVOKE UPDATE (agencies) ON listing FROM {APP_ROLE}")
    op.drop_index("ix_listing_without_meeting", "listing")
    op.drop_constraint(op.f("ck_meeting_kind"), "meeting")
    op.drop_constraint(op.f("fk_meeting_cycle_id"), "meeting")
    op.drop_column("meeting", "cycle_id")
    op.drop_column("meeting", "kind")
    op.drop_table("research_return")
    op.drop_table("research_request")
    for table in RECORDS[:-2]:
        op.drop_table(table)
    op.drop_table("meeting_cycle")
