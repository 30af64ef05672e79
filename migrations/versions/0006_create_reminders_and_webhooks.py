"""Create reminders and webhooks."""

import sqlalchemy as sa
from alembic import op

from migrations.fan_out import FUNCTIONS, TRIGGERS_GO
from migrations.guards import APP_ROLE, append_only, grant, secure_rows

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UPDATABLE = {
    "reminder_timer": "state, event_id, fired_at, late_by_seconds, merged_into, reason, cancelled_at, withdrawn_at",
    "webhook_endpoint": "url, revision, status, status_reason, status_since, verified_at, event_types, forums, areas, "
    "alarm_areas, own_actions_only, ordered, max_in_flight, rate_per_second, allow_networks, hmcts_headers, contact, "
    "consecutive_failures, first_failure_at, breaker_step, probe_at, paced_until",
    "webhook_secret": "expires_at",
    "webhook_recovery": "reached_number, replayed, finished_at",
    "delivery": "state, due_at, wait_seconds, tries, claims, lease_until, lease_token, last_attempt_at, last_status, "
    "reason, withdrawn",
    "work_item": "mailed_at, closed_at, closed_by",
    "feed_entry": "position",
}
AN_AGENCYS = ("webhook_endpoint", "webhook_secret", "webhook_host", "webhook_recovery", "delivery", "attempt")


def upgrade() -> None:
    op.create_table(
        "feed_entry",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_feed_entry_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_feed_entry")),
        sa.UniqueConstraint("position", name=op.f("uq_feed_entry_position")),
    )
    op.create_index(
        "ix_feed_entry_unplaced",
        "feed_entry",
        ["event_number"],
        unique=False,
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        "reminder_timer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("nation", sa.String(), nullable=False),
        sa.Column("owner_agency", sa.String(), nullable=True),
        sa.Column("owner_role", sa.String(), nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("life_safety", sa.Boolean(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("tells", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("fire_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ladder_version", sa.String(), nullable=False),
        sa.Column("calendar_version", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_by_seconds", sa.Integer(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'fired') = (event_id IS NOT NULL)", name=op.f("ck_reminder_timer_fired_means_said")
        ),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into IS NOT NULL)",
            name=op.f("ck_reminder_timer_merged_names_its_rung"),
        ),
        sa.CheckConstraint(
            "state <> 'cancelled' OR reason IS NOT NULL",
            name=op.f("ck_reminder_timer_cancelled_for_a_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('scheduled', 'fired', 'merged', 'cancelled')", name=op.f("ck_reminder_timer_state")
        ),
        sa.CheckConstraint(
            "(due_on IS NULL) <> (due_at IS NULL)", name=op.f("ck_reminder_timer_one_deadline")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_reminder_timer_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_timer")),
        sa.UniqueConstraint(
            "subject_id", "due_version", "rung", name=op.f("uq_reminder_timer_subject_id_due_version_rung")
        ),
    )
    op.create_index(
        "ix_reminder_timer_event_id",
        "reminder_timer",
        ["event_id"],
        unique=False,
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    op.create_index(
        "ix_reminder_timer_waiting",
        "reminder_timer",
        ["fire_at"],
        unique=False,
        postgresql_where=sa.text("state = 'scheduled'"),
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_types", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("forums", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("alarm_areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("own_actions_only", sa.Boolean(), nullable=False),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.Column("max_in_flight", sa.Integer(), nullable=False),
        sa.Column("rate_per_second", sa.Integer(), nullable=False),
        sa.Column("allow_networks", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("hmcts_headers", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("consecutive_failures", sa.Integer(), nullable=False),
        sa.Column("first_failure_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breaker_step", sa.Integer(), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paced_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "status IN ('unverified', 'active', 'paused')", name=op.f("ck_webhook_endpoint_status")
        ),
        sa.CheckConstraint("max_in_flight BETWEEN 1 AND 8", name=op.f("ck_webhook_endpoint_max_in_flight")),
        sa.CheckConstraint(
            "rate_per_second BETWEEN 1 AND 10000", name=op.f("ck_webhook_endpoint_rate_per_second")
        ),
        sa.ForeignKeyConstraint(["agency"], ["agency.code"], name=op.f("fk_webhook_endpoint_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_index("ix_webhook_endpoint_agency", "webhook_endpoint", ["agency"], unique=False)
    op.create_table(
        "webhook_host",
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["agency.code"], name=op.f("fk_webhook_host_agency")),
        sa.PrimaryKeyConstraint("agency", "host", name=op.f("pk_webhook_host")),
    )
    op.create_table(
        "webhook_recovery",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("replayed", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_recovery_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_recovery")),
    )
    op.create_index(
        "ix_webhook_recovery_running",
        "webhook_recovery",
        ["id"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "webhook_secret",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('v1', 'v1a')", name=op.f("ck_webhook_secret_kind")),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_secret_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_secret")),
    )
    op.create_index("ix_webhook_secret_endpoint_id", "webhook_secret", ["endpoint_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("is_reminder", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wait_seconds", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.String(), nullable=True),
        sa.Column("replay_of", sa.Text(), nullable=True),
        sa.Column("recovery_id", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'leased') = (lease_until IS NOT NULL AND lease_token IS NOT NULL)",
            name=op.f("ck_delivery_lease_is_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'leased', 'done', 'exhausted', 'poison', 'cancelled')",
            name=op.f("ck_delivery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_delivery_endpoint_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_delivery_event_id")),
        sa.ForeignKeyConstraint(
            ["recovery_id"], ["webhook_recovery.id"], name=op.f("fk_delivery_recovery_id")
        ),
        sa.ForeignKeyConstraint(["replay_of"], ["delivery.id"], name=op.f("fk_delivery_replay_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("number", name=op.f("uq_delivery_number")),
    )
    op.create_index("ix_delivery_agency_number", "delivery", ["agency", "number"], unique=False)
    op.create_index(
        "ix_delivery_order",
        "delivery",
        ["endpoint_id", "subject_id", "number"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'leased')"),
    )
    op.create_index(
        "ix_delivery_unanswered_reminder",
        "delivery",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("is_reminder AND state IN ('pending', 'leased', 'exhausted', 'poison')"),
    )
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["endpoint_id", "priority", "number"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'leased')"),
    )
    op.create_index(
        "uq_delivery_first",
        "delivery",
        ["event_id", "endpoint_id"],
        unique=True,
        postgresql_where=sa.text("replay_of IS NULL AND recovery_id IS NULL"),
    )
    op.create_index(
        "uq_delivery_recovered",
        "delivery",
        ["recovery_id", "event_id"],
        unique=True,
        postgresql_where=sa.text("recovery_id IS NOT NULL"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total_ms", sa.Integer(), nullable=False),
        sa.Column("peer_address", sa.String(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_attempt_delivery_id")),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_attempt_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_delivery_id", "attempt", ["delivery_id"], unique=False)
    op.create_index(
        "ix_attempt_endpoint_id_started_at", "attempt", ["endpoint_id", "started_at"], unique=False
    )
    op.create_table(
        "work_item",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("owner_role", sa.String(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("endpoint_id", sa.Text(), nullable=True),
        sa.Column("delivery_id", sa.Text(), nullable=True),
        sa.Column("subject_type", sa.String(), nullable=True),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_work_item_delivery_id")),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_work_item_endpoint_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_work_item_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_work_item_dedupe_key")),
    )
    op.create_index(
        "ix_work_item_event_id",
        "work_item",
        ["event_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_work_item_open",
        "work_item",
        ["area", "opened_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_work_item_unmailed",
        "work_item",
        ["opened_at"],
        unique=False,
        postgresql_where=sa.text("mailed_at IS NULL"),
    )
    op.execute(FUNCTIONS)
    for table, columns in UPDATABLE.items():
        grant(table, "SELECT", "INSERT", f"UPDATE ({columns})")
    grant("webhook_host", "SELECT", "INSERT", "DELETE")
    grant("attempt", "SELECT", "INSERT")
    append_only("attempt")
    for table in AN_AGENCYS:
        secure_agency_rows(table)
    secure_rows("work_item")


def secure_agency_rows(table: str) -> None:
    """Rows of `table` show only to the one agency they belong to, and to the service's own workers."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY {table}_rows ON {table} TO {APP_ROLE} USING (row_is_visible(NULL, ARRAY[agency]))"
    )


def downgrade() -> None:
    op.execute(TRIGGERS_GO)
    for table in (
        "work_item",
        "attempt",
        "delivery",
        "webhook_secret",
        "webhook_recovery",
        "webhook_host",
        "webhook_endpoint",
        "reminder_timer",
        "feed_entry",
    ):
        op.drop_table(table)
