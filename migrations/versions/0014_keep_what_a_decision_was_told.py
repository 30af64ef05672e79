"""Keep with each decision the hash of what it was told, so that "the same facts" can be asked of the decision itself."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("told_sha256", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("decision", "told_sha256")
