"""Find what is leased, and what goes out whatever the endpoint's status, without reading all that is owed.

Every claim counts what is in hand: with fifty thousand calls owed it must not read fifty thousand rows. What no query
asked for goes, since each claim and each outcome writes all indexes of its row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_delivery_in_hand", "delivery", ["endpoint_id"], postgresql_where=sa.text("state = 'leased'")
    )
    op.create_index(
        "ix_delivery_direct",
        "delivery",
        ["endpoint_id"],
        postgresql_where=sa.text("direct AND state IN ('pending', 'leased')"),
    )
    op.drop_constraint(op.f("uq_delivery_number"), "delivery", type_="unique")
    op.drop_index("ix_delivery_agency_number", "delivery")
    op.create_index("uq_delivery_agency_number", "delivery", ["agency", "number"], unique=True)
    # An attempt's delivery names its endpoint, under a key of its own; endpoints are never removed.
    op.drop_constraint(op.f("fk_attempt_endpoint_id"), "attempt", type_="foreignkey")


def downgrade() -> None:
    op.create_foreign_key(
        op.f("fk_attempt_endpoint_id"), "attempt", "webhook_endpoint", ["endpoint_id"], ["id"]
    )
    op.drop_index("uq_delivery_agency_number", "delivery")
    op.create_index("ix_delivery_agency_number", "delivery", ["agency", "number"])
    op.create_unique_constraint(op.f("uq_delivery_number"), "delivery", ["number"])
    op.drop_index("ix_delivery_direct", "delivery")
    op.drop_index("ix_delivery_in_hand", "delivery")
