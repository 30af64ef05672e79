"""Register who signed in to the pages and when they signed out, so that a copied cookie ends with the visit."""

import sqlalchemy as sa
from alembic import op

from migrations.guards import grant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_visit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_page_visit_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_visit")),
    )
    op.create_index("ix_page_visit_client_id", "page_visit", ["client_id"], unique=False)
    grant("page_visit", "SELECT", "INSERT", "UPDATE (signed_out_at)")


def downgrade() -> None:
    op.drop_table("page_visit")
