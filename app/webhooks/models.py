"""Endpoints, their secrets, their deliveries, every attempt, and what a person must deal with.

One module, because constraints of one table name columns of another and are changed together.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, Guards, RowSecurity
from app.vocabulary import Role, SubjectType
from app.webhooks.vocabulary import DeliveryState, EndpointStatus, Outcome, SecretKind, WorkKind

# Rows show only to the one agency they belong to, and to the service's own workers.
OF_ONE_AGENCY = RowSecurity("row_is_visible(NULL, ARRAY[agency])")
UNFINISHED = text("state IN ('pending', 'leased')")


class Endpoint(Base):
    """Where an agency receives events, which ones it asks for, and how its receiver has been doing.

    Empty filters let everything through. `alarm_areas`: whose co-ordinators are told when the receiver fails.
    """

    __tablename__ = "webhook_endpoint"
    __guards__ = Guards(
        kept="SELECT",
        update="url, revision, status, status_reason, status_since, verified_at, event_types, forums, areas, "
        "alarm_areas, own_actions_only, ordered, max_in_flight, rate_per_second, allow_networks, "
        "hmcts_headers, contact, consecutive_failures, first_failure_at, breaker_step, probe_at, "
        "paced_until",
    )
    __row_security__ = OF_ONE_AGENCY
    __table_args__ = (
        CheckConstraint("max_in_flight BETWEEN 1 AND 8", name="max_in_flight"),
        CheckConstraint("rate_per_second BETWEEN 1 AND 10000", name="rate_per_second"),
        Index("ix_webhook_endpoint_agency", "agency"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    url: Mapped[str]
    revision: Mapped[int]
    status: Mapped[EndpointStatus]
    status_reason: Mapped[str]
    status_since: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    event_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    forums: Mapped[list[str]] = mapped_column(ARRAY(Text))
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    alarm_areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    own_actions_only: Mapped[bool]
    ordered: Mapped[bool]
    max_in_flight: Mapped[int]
    rate_per_second: Mapped[int]
    allow_networks: Mapped[list[str]] = mapped_column(ARRAY(Text))
    hmcts_headers: Mapped[bool]
    contact: Mapped[str | None]
    consecutive_failures: Mapped[int]
    first_failure_at: Mapped[datetime | None]
    breaker_step: Mapped[int]
    probe_at: Mapped[datetime | None]
    paced_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class Secret(Base):
    """A signing secret, sealed with a key that the database does not hold. `expires_at` is None for the current one."""

    __tablename__ = "webhook_secret"
    __guards__ = Guards(update="expires_at")
    __row_security__ = OF_ONE_AGENCY
    __table_args__ = (Index("ix_webhook_secret_endpoint_id", "endpoint_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoint.id"))
    agency: Mapped[str]
    kind: Mapped[SecretKind]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class AllowedHost(Base):
    """A host, or a suffix that begins with a dot, that an administrator lets one agency receive at."""

    __tablename__ = "webhook_host"
    __guards__ = Guards(may="SELECT, INSERT, DELETE")
    __row_security__ = OF_ONE_AGENCY

    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"), primary_key=True)
    host: Mapped[str] = mapped_column(Text, primary_key=True)
    added_by: Mapped[str]
    added_at: Mapped[datetime]


class Recovery(Base):
    """A partner's request to have all events of a range sent again, with how far that has come."""

    __tablename__ = "webhook_recovery"
    __guards__ = Guards(update="reached_number, replayed, finished_at")
    __row_security__ = OF_ONE_AGENCY
    __table_args__ = (Index("ix_webhook_recovery_running", "id", postgresql_where=text("finished_at IS NULL")),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoint.id"))
    agency: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    reached_number: Mapped[int] = mapped_column(BigInteger)
    last_number: Mapped[int] = mapped_column(BigInteger)
    replayed: Mapped[int]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Delivery(Base):
    """One event for one endpoint, or the repeat of one. These rows are the queue.

    `claims` counts the leases since the last recorded attempt: a payload that ends its worker is found by it.
    `wait_seconds` is the wait that `due_at` was made of; a longer one can only be a step of the clock.
    """

    __tablename__ = "delivery"
    __guards__ = Guards(
        kept="SELECT, INSERT, UPDATE",
        update="state, due_at, wait_seconds, tries, claims, lease_until, lease_token, last_attempt_at, "
        "last_status, reason, withdrawn",
    )
    __row_security__ = OF_ONE_AGENCY
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'leased', 'done', 'exhausted', 'poison', 'cancelled')", name="state"),
        CheckConstraint(
            "(state = 'leased') = (lease_until IS NOT NULL AND lease_token IS NOT NULL)",
            name="lease_is_whole",
        ),
        Index(
            "uq_delivery_first",
            "event_id",
            "endpoint_id",
            unique=True,
            postgresql_where=text("replay_of IS NULL AND recovery_id IS NULL"),
        ),
        Index(
            "uq_delivery_recovered",
            "recovery_id",
            "event_id",
            unique=True,
            postgresql_where=text("recovery_id IS NOT NULL"),
        ),
        # Partial: only unfinished deliveries are in it, so the queue stays small whatever was delivered before.
        Index("ix_delivery_waiting", "endpoint_id", "priority", "number", postgresql_where=UNFINISHED),
        Index("ix_delivery_order", "endpoint_id", "subject_id", "number", postgresql_where=UNFINISHED),
        Index(
            "ix_delivery_unanswered_reminder",
            "created_at",
            postgresql_where=text("must_arrive AND state IN ('pending', 'leased', 'exhausted', 'poison')"),
        ),
        Index("uq_delivery_agency_number", "agency", "number", unique=True),
        Index("ix_delivery_in_hand", "endpoint_id", postgresql_where=text("state = 'leased'")),
        Index(
            "ix_delivery_direct",
            "endpoint_id",
            postgresql_where=text("direct AND state IN ('pending', 'leased')"),
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoint.id"))
    agency: Mapped[str]
    subject_id: Mapped[str]
    direct: Mapped[bool]
    must_arrive: Mapped[bool]
    priority: Mapped[int]
    state: Mapped[DeliveryState]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    wait_seconds: Mapped[int]
    tries: Mapped[int]
    claims: Mapped[int]
    lease_until: Mapped[datetime | None]
    # A worker that comes back late finds another token here, and then records an attempt and changes nothing else.
    lease_token: Mapped[UUID | None] = mapped_column(Uuid)
    last_attempt_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    reason: Mapped[str | None]
    withdrawn: Mapped[str | None]
    replay_of: Mapped[str | None] = mapped_column(ForeignKey("delivery.id"))
    recovery_id: Mapped[str | None] = mapped_column(ForeignKey("webhook_recovery.id"))
    requested_by: Mapped[str | None]


class Attempt(Base):
    """One attempt to deliver. The response's text is not kept: receivers print people's details on error pages."""

    __tablename__ = "attempt"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_ONE_AGENCY
    __table_args__ = (
        Index("ix_attempt_delivery_id", "delivery_id"),
        Index("ix_attempt_endpoint_id_started_at", "endpoint_id", "started_at"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id"))
    endpoint_id: Mapped[str] = mapped_column(Text)
    agency: Mapped[str]
    number: Mapped[int]
    revision: Mapped[int]
    started_at: Mapped[datetime]
    total_ms: Mapped[int]
    peer_address: Mapped[str | None]
    http_status: Mapped[int | None]
    outcome: Mapped[Outcome]
    failed: Mapped[bool]
    late: Mapped[bool]


class WorkItem(Guarded, Base):
    """Something a person must deal with because delivery cannot. `dedupe_key`: the same thing is opened once.

    `asked_role` is the post that could not be told of new work, of a question or of a proposal.
    """

    __tablename__ = "work_item"
    __guards__ = Guards(update="mailed_at, closed_at, closed_by", kept="SELECT, INSERT, UPDATE")
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index("ix_work_item_open", "area", "opened_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_work_item_event_id", "event_id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_work_item_unmailed", "opened_at", postgresql_where=text("mailed_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[WorkKind]
    dedupe_key: Mapped[str]
    owner_role: Mapped[Role]
    asked_role: Mapped[Role | None]
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"))
    endpoint_id: Mapped[str | None] = mapped_column(ForeignKey("webhook_endpoint.id"))
    delivery_id: Mapped[str | None] = mapped_column(ForeignKey("delivery.id"))
    subject_type: Mapped[SubjectType | None]
    subject_id: Mapped[str | None]
    case_id: Mapped[str | None]
    opened_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]


class FeedEntry(Base):
    """An event's position in the feed, given after its commit, so that a reader never passes one still to come."""

    __tablename__ = "feed_entry"
    __guards__ = Guards(update="position", kept="INSERT")
    __table_args__ = (
        UniqueConstraint("position"),
        Index("ix_feed_entry_unplaced", "event_number", postgresql_where=text("position IS NULL")),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    event_number: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int | None] = mapped_column(BigInteger)
