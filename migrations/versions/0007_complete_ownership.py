"""Complete ownership."""

import sqlalchemy as sa
from alembic import op

from migrations.guards import append_only, grant, secure_rows

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# "No bare close": an ended need has its ending on record, and one that moved was taken by the receiving area.
ENDS_ON_RECORD = """
CREATE FUNCTION need_ends_on_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM need_ending e
        WHERE e.need_id = NEW.id AND e.reason = NEW.end_reason AND e.ended_at = NEW.ended_at
            AND (e.reason <> 'MOVED' OR EXISTS (
                SELECT FROM transfer t
                WHERE t.id = e.transfer_id AND t.need_id = NEW.id AND t.state = 'ACCEPTED'))
    ) THEN
        RAISE EXCEPTION 'need % would end without a record of why and by whom', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER need_ends_on_record AFTER INSERT OR UPDATE ON need
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION need_ends_on_record();
"""
TYPED_DECLINES = {
    "missing_goes_with_its_code": "(code IS NOT DISTINCT FROM 'INSUFFICIENT_INFO') = (missing IS NOT NULL)",
    "area_goes_with_its_code": "(code IS NOT DISTINCT FROM 'OUT_OF_AREA') = (to_area IS NOT NULL)",
    "duplicate_goes_with_its_code": "(code IS NOT DISTINCT FROM 'DUPLICATE') = (duplicate_of IS NOT NULL)",
}
OPEN_DUTY = "state = 'OPEN' AND duty IS NOT NULL"


def upgrade() -> None:
    _type_the_declines()
    _create_override()
    _create_transfer()
    _create_ending()
    _create_cover()
    _complete_actions()
    op.execute(ENDS_ON_RECORD)
    grant("ownership_override", "SELECT", "INSERT")
    grant("transfer", "SELECT", "INSERT", "UPDATE (state)")
    grant("transfer_answer", "SELECT", "INSERT")
    grant("need_ending", "SELECT", "INSERT")
    grant("cover", "SELECT", "INSERT", "UPDATE (begun_at, ended_at)")
    grant("action", "UPDATE (area, cover_id)")
    for table in ("ownership_override", "transfer_answer", "need_ending"):
        append_only(table)
    for table in ("ownership_override", "transfer", "transfer_answer", "need_ending", "cover"):
        secure_rows(table)


def _type_the_declines() -> None:
    op.add_column("proposal_answer", sa.Column("missing", sa.ARRAY(sa.Text()), nullable=True))
    op.add_column("proposal_answer", sa.Column("to_area", sa.String(), nullable=True))
    op.add_column("proposal_answer", sa.Column("duplicate_of", sa.String(), nullable=True))
    for name, condition in TYPED_DECLINES.items():
        op.create_check_constraint(op.f(f"ck_proposal_answer_{name}"), "proposal_answer", condition)


def _create_override() -> None:
    op.create_table(
        "ownership_override",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("stands_against", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("overridden_by", sa.String(), nullable=False),
        sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_ownership_override_need_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_ownership_override_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["stands_against"], ["ownership.id"], name=op.f("fk_ownership_override_stands_against")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_override")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_ownership_override_proposal_id")),
    )
    op.create_index("ix_ownership_override_need_id", "ownership_override", ["need_id"], unique=False)


def _create_transfer() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("to_area", sa.Text(), nullable=False),
        sa.Column("sender_agency", sa.String(), nullable=False),
        sa.Column("receiver_agency", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("idva_handover", sa.String(), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("agenda_out", sa.Boolean(), nullable=True),
        sa.Column("actions_handed_over", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')", name=op.f("ck_transfer_state")
        ),
        sa.CheckConstraint("area <> to_area", name=op.f("ck_transfer_to_another_area")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_transfer_case_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_transfer_need_id")),
        sa.ForeignKeyConstraint(["to_area"], ["area.code"], name=op.f("fk_transfer_to_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_case_id", "transfer", ["case_id"], unique=False)
    op.create_index(
        "uq_transfer_waiting",
        "transfer",
        ["need_id"],
        unique=True,
        postgresql_where=sa.text("state = 'PROPOSED'"),
    )
    op.create_table(
        "transfer_answer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("need_opened", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(state = 'ACCEPTED') = (need_opened IS NOT NULL)",
            name=op.f("ck_transfer_answer_acceptance_opens_a_need"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_answer_transfer_id")
        ),
        sa.ForeignKeyConstraint(["need_opened"], ["need.id"], name=op.f("fk_transfer_answer_need_opened")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_answer")),
        sa.UniqueConstraint("transfer_id", name=op.f("uq_transfer_answer_transfer_id")),
    )


def _create_ending() -> None:
    op.create_table(
        "need_ending",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("as_role", sa.String(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("transfer_id", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "reason IN ('RISK_RESOLVED', 'MOVED', 'DECEASED', 'CUSTODY_NO_RELEASE', 'DUPLICATE_OF')",
            name=op.f("ck_need_ending_reason"),
        ),
        sa.CheckConstraint(
            "(reason = 'DUPLICATE_OF') = (duplicate_of IS NOT NULL)",
            name=op.f("ck_need_ending_duplicate_names_the_other"),
        ),
        sa.CheckConstraint(
            "(reason = 'MOVED') = (transfer_id IS NOT NULL)", name=op.f("ck_need_ending_move_was_accepted")
        ),
        sa.CheckConstraint(
            "(reason IN ('DECEASED', 'CUSTODY_NO_RELEASE')) = (confirmed_by IS NOT NULL)",
            name=op.f("ck_need_ending_confirmed_by_an_agency"),
        ),
        sa.CheckConstraint(
            "(reason IN ('RISK_RESOLVED', 'DECEASED', 'CUSTODY_NO_RELEASE')) = (occurred_on IS NOT NULL)",
            name=op.f("ck_need_ending_says_since_when"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["agency.code"], name=op.f("fk_need_ending_confirmed_by")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["need.id"], name=op.f("fk_need_ending_duplicate_of")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_ending_need_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_need_ending_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_ending")),
        sa.UniqueConstraint("need_id", name=op.f("uq_need_ending_need_id")),
    )


def _create_cover() -> None:
    op.create_table(
        "cover",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner_agency", sa.Text(), nullable=False),
        sa.Column("owner_role", sa.String(), nullable=False),
        sa.Column("away_from", sa.Date(), nullable=False),
        sa.Column("away_until", sa.Date(), nullable=False),
        sa.Column("cover_agency", sa.Text(), nullable=False),
        sa.Column("cover_role", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("arranged_by", sa.String(), nullable=False),
        sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("away_from <= away_until", name=op.f("ck_cover_ends_after_it_begins")),
        sa.CheckConstraint(
            "(owner_agency, owner_role) <> (cover_agency, cover_role)", name=op.f("ck_cover_by_another_post")
        ),
        sa.ForeignKeyConstraint(["owner_agency"], ["agency.code"], name=op.f("fk_cover_owner_agency")),
        sa.ForeignKeyConstraint(["cover_agency"], ["agency.code"], name=op.f("fk_cover_cover_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index(
        "ix_cover_not_ended",
        "cover",
        ["area", "owner_agency", "owner_role"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _complete_actions() -> None:
    op.add_column("action", sa.Column("about", sa.String(), nullable=True))
    op.add_column("action", sa.Column("cover_id", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_action_about"), "action", "about IN ('VICTIM_SAFETY', 'PERPETRATOR')")
    op.create_foreign_key(op.f("fk_action_cover_id"), "action", "cover", ["cover_id"], ["id"])
    op.create_index(
        "ix_action_cover_id",
        "action",
        ["cover_id"],
        unique=False,
        postgresql_where=sa.text("cover_id IS NOT NULL"),
    )
    op.drop_index("uq_action_open_duty", table_name="action")
    op.create_index(
        "uq_action_open_duty",
        "action",
        ["case_id", "duty", "about"],
        unique=True,
        postgresql_where=sa.text(OPEN_DUTY),
        postgresql_nulls_not_distinct=True,
    )
    op.add_column("action_report", sa.Column("superseded_by", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_action_report_superseded_by"), "action_report", "action", ["superseded_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_action_report_superseded_names_by_what"),
        "action_report",
        "(outcome = 'SUPERSEDED') = (superseded_by IS NOT NULL)",
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER need_ends_on_record ON need")
    op.execute("DROP FUNCTION need_ends_on_record")
    op.drop_column("action_report", "superseded_by")
    op.drop_index("uq_action_open_duty", table_name="action")
    op.create_index(
        "uq_action_open_duty",
        "action",
        ["case_id", "duty"],
        unique=True,
        postgresql_where=sa.text(OPEN_DUTY),
    )
    op.drop_column("action", "cover_id")
    op.drop_column("action", "about")
    for table in ("cover", "need_ending", "transfer_answer", "transfer", "ownership_override"):
        op.drop_table(table)
    for column in ("duplicate_of", "to_area", "missing"):
        op.drop_column("proposal_answer", column)
