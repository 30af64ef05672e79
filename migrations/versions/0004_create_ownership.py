"""Create ownership."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import append_only, grant, secure_rows

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# "Exactly one owner at every instant": the exclusion constraint forbids two, this deferred check forbids none.
ALWAYS_OWNED = """
CREATE FUNCTION need_is_always_owned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    asked need%ROWTYPE;
    owned tstzmultirange;
BEGIN
    IF TG_TABLE_NAME = 'need' THEN
        SELECT * INTO asked FROM need WHERE number = NEW.number;
    ELSE
        SELECT * INTO asked FROM need WHERE number = NEW.need_number;
    END IF;
    SELECT range_agg(during) INTO owned FROM ownership WHERE need_number = asked.number;
    IF owned IS DISTINCT FROM tstzmultirange(tstzrange(asked.opened_at, asked.ended_at)) THEN
        RAISE EXCEPTION 'need % would have an instant without exactly one accepted owner', asked.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER need_always_owned AFTER INSERT OR UPDATE ON need
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_is_always_owned();
CREATE CONSTRAINT TRIGGER ownership_leaves_no_gap AFTER INSERT OR UPDATE ON ownership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_is_always_owned();
"""
ONLY_CLOSES = """
CREATE FUNCTION ownership_only_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NOT upper_inf(OLD.during) OR lower(NEW.during) IS DISTINCT FROM lower(OLD.during)
        AND NOT isempty(NEW.during) THEN
        RAISE EXCEPTION 'a span of ownership is history: it can be closed once, never rewritten'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ownership_only_closes BEFORE UPDATE OR DELETE ON ownership
    FOR EACH ROW EXECUTE FUNCTION ownership_only_closes();
CREATE TRIGGER ownership_no_truncate BEFORE TRUNCATE ON ownership
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "need",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_ref", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("kind IN ('VICTIM_SAFETY', 'PERPETRATOR')", name=op.f("ck_need_kind")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_need_never_ends_without_a_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("number", name=op.f("uq_need_number")),
    )
    op.create_index(
        "uq_need_open_subject",
        "need",
        ["kind", "subject_ref"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "case_need",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_need_case_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_case_need_need_id")),
        sa.PrimaryKeyConstraint("case_id", "need_id", name=op.f("pk_case_need")),
    )
    op.create_table(
        "ownership",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("need_number", sa.BigInteger(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("forum", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=True),
        sa.Column("accepted_by", sa.String(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(need_number, need_number, '[]')"), "&&"),
            (sa.column("during"), "&&"),
            using="gist",
            name="ex_ownership_one_owner",
        ),
        sa.ForeignKeyConstraint(["need_number"], ["need.number"], name=op.f("fk_ownership_need_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("forum", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("sender_agency", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("facts_sha256", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("kind IN ('LEAD', 'SUPPORT')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(
            "state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN')",
            name=op.f("ck_proposal_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_proposal_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_proposal_decision_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_proposal_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_need_id", "proposal", ["need_id"], unique=False)
    op.create_index(
        "ix_proposal_waiting",
        "proposal",
        ["answer_by"],
        unique=False,
        postgresql_where=sa.text("state = 'PROPOSED'"),
    )
    op.create_index(
        "uq_proposal_waiting_forum",
        "proposal",
        ["need_id", "kind", "forum"],
        unique=True,
        postgresql_where=sa.text("state = 'PROPOSED'"),
    )
    op.create_table(
        "proposal_answer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("claimed_forum", sa.String(), nullable=True),
        sa.Column("claim_holds", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(state = 'DECLINED') = (code IS NOT NULL)", name=op.f("ck_proposal_answer_a_decline_has_a_code")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_answer_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_answer")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_proposal_answer_proposal_id")),
    )
    grant("need", "SELECT", "INSERT", "UPDATE (ended_at, end_reason, ended_by, agencies)")
    grant("case_need", "SELECT", "INSERT")
    grant("ownership", "SELECT", "INSERT", "UPDATE (during)")
    grant("proposal", "SELECT", "INSERT", "UPDATE (state)")
    grant("proposal_answer", "SELECT", "INSERT")
    append_only("proposal_answer")
    for table in ("need", "ownership", "proposal", "proposal_answer"):
        secure_rows(table)
    op.execute(ALWAYS_OWNED)
    op.execute(ONLY_CLOSES)


def downgrade() -> None:
    op.drop_table("proposal_answer")
    op.drop_table("proposal")
    op.drop_table("ownership")
    op.drop_table("case_need")
    op.drop_table("need")
    op.execute("DROP FUNCTION ownership_only_closes, need_is_always_owned")
