"""Create people: persons, hashed identifiers, links that can be undone, proposals, searches."""

import sqlalchemy as sa
from alembic import op

from migrations.guards import append_only, grant, secure_rows

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GUARDED = ("person_identifier", "link_proposal", "person_link", "link_withdrawal", "link_answer")
BARE = ("person_apart", "person_search")


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("first_named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("number", name=op.f("uq_person_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_ref")),
    )
    op.create_table(
        "person_identifier",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("kind IN ('PNC', 'CRO', 'NHS', 'CRN')", name=op.f("ck_person_identifier_kind")),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_person_identifier_is_a_hash")),
        sa.ForeignKeyConstraint(["ref"], ["person.ref"], name=op.f("fk_person_identifier_ref")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_identifier")),
        sa.UniqueConstraint("ref", "kind", "digest", name=op.f("uq_person_identifier_ref_kind_digest")),
    )
    op.create_index("ix_person_identifier_digest", "person_identifier", ["digest"], unique=False)
    op.create_table(
        "link_proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("one_ref", sa.Text(), nullable=False),
        sa.Column("other_ref", sa.Text(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("one_ref < other_ref", name=op.f("ck_link_proposal_one_order")),
        sa.CheckConstraint(
            "ground IN ('SEEN_BY_A_PERSON', 'WITHDRAWN_BEFORE', 'REFUSED_BEFORE', 'SEVERAL_PERSONS', "
            "'CONTRADICTED', 'APART')",
            name=op.f("ck_link_proposal_ground"),
        ),
        sa.ForeignKeyConstraint(["one_ref"], ["person.ref"], name=op.f("fk_link_proposal_one_ref")),
        sa.ForeignKeyConstraint(["other_ref"], ["person.ref"], name=op.f("fk_link_proposal_other_ref")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_proposal")),
    )
    op.create_index("ix_link_proposal_pair", "link_proposal", ["one_ref", "other_ref"], unique=False)
    op.create_index("ix_link_proposal_proposed_at", "link_proposal", ["proposed_at", "id"], unique=False)
    op.create_table(
        "person_link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("one_ref", sa.Text(), nullable=False),
        sa.Column("other_ref", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("identifier_kind", sa.String(), nullable=True),
        sa.Column("proposal_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asserted_by", sa.String(), nullable=False),
        sa.Column("asserted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("one_ref < other_ref", name=op.f("ck_person_link_one_order")),
        sa.CheckConstraint(
            "(basis = 'IDENTIFIER' AND identifier_kind IS NOT NULL AND proposal_id IS NULL)"
            " OR (basis = 'PERSON' AND identifier_kind IS NULL AND proposal_id IS NOT NULL)",
            name=op.f("ck_person_link_basis_has_its_ground"),
        ),
        sa.ForeignKeyConstraint(["one_ref"], ["person.ref"], name=op.f("fk_person_link_one_ref")),
        sa.ForeignKeyConstraint(["other_ref"], ["person.ref"], name=op.f("fk_person_link_other_ref")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["link_proposal.id"], name=op.f("fk_person_link_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_link")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_person_link_proposal_id")),
    )
    op.create_index("ix_person_link_one_ref", "person_link", ["one_ref"], unique=False)
    op.create_index("ix_person_link_other_ref", "person_link", ["other_ref"], unique=False)
    op.create_table(
        "link_withdrawal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["person_link.id"], name=op.f("fk_link_withdrawal_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_withdrawal")),
        sa.UniqueConstraint("link_id", name=op.f("uq_link_withdrawal_link_id")),
    )
    op.create_table(
        "link_answer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("answer IN ('CONFIRMED', 'REFUSED')", name=op.f("ck_link_answer_answer")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["link_proposal.id"], name=op.f("fk_link_answer_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_answer")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_link_answer_proposal_id")),
    )
    op.create_table(
        "person_apart",
        sa.Column("one_ref", sa.Text(), nullable=False),
        sa.Column("other_ref", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("one_ref < other_ref", name=op.f("ck_person_apart_one_order")),
        sa.PrimaryKeyConstraint("one_ref", "other_ref", name=op.f("pk_person_apart")),
    )
    op.create_table(
        "person_search",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("searched_by", sa.String(), nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_search")),
    )
    grant("person", "SELECT", "INSERT", "UPDATE (agencies)")
    secure_rows("person")
    for table in GUARDED:
        grant(table, "SELECT", "INSERT")
        secure_rows(table)
        append_only(table)
    for table in BARE:
        grant(table, "SELECT", "INSERT")
        append_only(table)


def downgrade() -> None:
    for table in (
        *BARE,
        "link_answer",
        "link_withdrawal",
        "person_link",
        "link_proposal",
        "person_identifier",
    ):
        op.drop_table(table)
    op.drop_table("person")
