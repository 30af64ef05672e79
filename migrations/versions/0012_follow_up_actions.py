"""An action may follow another: the same duty owed again after a report, while what it serves goes on. Each at most once."""

import sqlalchemy as sa
from alembic import op

from migrations.guards import APP_ROLE, grant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHANGEABLE = "about, recipient_agency, repeats_every, again_within"
NEED_IS_OPEN = """
CREATE FUNCTION need_is_open(of_case text, wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM case_need JOIN need ON need.id = case_need.need_id
        WHERE case_need.case_id = of_case AND need.ended_at IS NULL AND need.kind = coalesce(wanted, need.kind)
    )
$$;
"""
ONE_OPEN = "state = 'OPEN' AND duty IS NOT NULL"


def upgrade() -> None:
    for name in ("recipient_agency", "repeats_every", "again_within"):
        op.add_column("action", sa.Column(name, sa.String(), nullable=True))
    op.add_column("action", sa.Column("follows_id", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_action_follows_id"), "action", "action", ["follows_id"], ["id"])
    op.create_unique_constraint(op.f("uq_action_follows_id"), "action", ["follows_id"])
    op.create_check_constraint(op.f("ck_action_follows_another"), "action", "follows_id <> id")
    op.drop_index("uq_action_open_duty", "action")
    op.create_index(
        "uq_action_open_duty",
        "action",
        ["case_id", "duty", "about"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text(f"{ONE_OPEN} AND follows_id IS NULL"),
    )
    grant("action", f"UPDATE ({CHANGEABLE})")
    op.execute(NEED_IS_OPEN)


def downgrade() -> None:
    op.execute("DROP FUNCTION need_is_open")
    op.execute(f"REVOKE UPDATE ({CHANGEABLE}) ON action FROM {APP_ROLE}")
    op.drop_index("uq_action_open_duty", "action")
    op.create_index(
        "uq_action_open_duty",
        "action",
        ["case_id", "duty", "about"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text(ONE_OPEN),
    )
    op.drop_constraint(op.f("ck_action_follows_another"), "action", type_="check")
    op.drop_constraint(op.f("uq_action_follows_id"), "action", type_="unique")
    op.drop_constraint(op.f("fk_action_follows_id"), "action", type_="foreignkey")
    for name in ("follows_id", "again_within", "repeats_every", "recipient_agency"):
        op.drop_column("action", name)
