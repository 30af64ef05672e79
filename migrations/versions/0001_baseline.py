"""The whole schema: tables, functions, triggers, row security, grants, as `make baseline` wrote them from the code."""

from pathlib import Path

from alembic import op

revision = "0001_baseline"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _run("0001_baseline.sql")


def downgrade() -> None:
    _run("0001_baseline_down.sql")


def _run(name: str) -> None:
    sql = Path(__file__).with_name(name).read_text(encoding="utf-8")
    # Without parameters the driver sends the file as it is: several statements, and % is not a placeholder.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
