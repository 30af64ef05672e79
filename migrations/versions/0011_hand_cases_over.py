"""A case leaves an area's lists when her safety moves, and its records show to the area that has taken it."""

import sqlalchemy as sa
from alembic import op

from migrations.guards import APP_ROLE, grant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TAKEN_OVER = """
CREATE FUNCTION case_is_of_my_area(wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('app.row_scope')
        WHEN 'area' THEN EXISTS (
            SELECT 1 FROM case_file
            WHERE id = wanted AND area = ANY (string_to_array(current_setting('app.areas'), ','))
        )
        ELSE false
    END
$$;
"""
VISIBLE = "row_is_visible(area, agencies)"
OF_A_CASE = ("referral", "incident", "decision")


def upgrade() -> None:
    op.add_column("listing", sa.Column("left_on", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_listing_heard_or_left"), "listing", "heard_on IS NULL OR left_on IS NULL"
    )
    op.drop_constraint(op.f("uq_listing_case_id_meeting_id"), "listing", type_="unique")
    op.create_index(
        "uq_listing_standing",
        "listing",
        ["case_id", "meeting_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    grant("listing", "UPDATE (left_on)")
    op.execute(TAKEN_OVER)
    for table in OF_A_CASE:
        op.execute(
            f"ALTER POLICY {table}_rows ON {table} USING ({VISIBLE} OR case_is_of_my_area(case_id)) "
            f"WITH CHECK ({VISIBLE})"
        )
    op.execute(
        f"ALTER POLICY learned_rows ON learned USING ({VISIBLE} OR EXISTS (SELECT 1 FROM referral "
        f"WHERE referral.id = referral_id AND case_is_of_my_area(referral.case_id))) WITH CHECK ({VISIBLE})"
    )


def downgrade() -> None:
    for table in (*OF_A_CASE, "learned"):
        op.execute(f"DROP POLICY {table}_rows ON {table}")
        op.execute(f"CREATE POLICY {table}_rows ON {table} TO {APP_ROLE} USING ({VISIBLE})")
    op.execute("DROP FUNCTION case_is_of_my_area")
    op.execute(f"REVOKE UPDATE (left_on) ON listing FROM {APP_ROLE}")
    op.drop_index("uq_listing_standing", "listing")
    op.create_unique_constraint(
        op.f("uq_listing_case_id_meeting_id"),
        "listing",
        ["case_id", "meeting_id"],
        postgresql_nulls_not_distinct=True,
    )
    op.drop_constraint(op.f("ck_listing_heard_or_left"), "listing", type_="check")
    op.drop_column("listing", "left_on")
