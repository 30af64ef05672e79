"""Tables of what was released to whom, who received it, and how far the worker has read what happened."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.flows.vocabulary import FlowSide, MisdirectionReason, ReleaseForm
from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards, RowSecurity
from app.vocabulary import Role

# Its receiver and the agency that holds the fact, and nobody else of either area.
OF_RECEIVER_AND_HOLDER = RowSecurity("row_is_visible(NULL, ARRAY[agency, holder_agency])")


class FlowRelease(Base):
    """One fact that was released to one post of an agency, in one form. It is told once a named person received it.

    `case_id` is where the fact is on record and `holder_agency` holds it; the receiver reads neither. `to_case_id` is
    the receiver's own case, by which the perpetrator is known there. `content` is what passes. `released_by`
    is the named person who released it; None: the service did.
    """

    __tablename__ = "flow_release"
    __guards__ = Guards(update="received_at, received_by, misdirected_at, misdirected_by, misdirected_because")
    __row_security__ = OF_RECEIVER_AND_HOLDER
    __table_args__ = (
        UniqueConstraint("flow", "fact", "agency", "role", "form"),
        CheckConstraint("(due_on IS NULL) <> (due_at IS NULL)", name="one_deadline"),
        CheckConstraint("(received_at IS NULL) = (received_by IS NULL)", name="received_by_somebody"),
        CheckConstraint("strpos(received_by, '/') > 0", name="by_a_named_person"),
        CheckConstraint(
            "(misdirected_at IS NULL) = (misdirected_by IS NULL)"
            " AND (misdirected_at IS NULL) = (misdirected_because IS NULL)",
            name="misdirected_for_a_reason",
        ),
        CheckConstraint("received_at IS NULL OR misdirected_at IS NULL", name="received_or_misdirected"),
        Index("ix_flow_release_agency", "agency", "released_at", "id"),
        Index("ix_flow_release_case_id", "case_id"),
        Index(
            "ix_flow_release_waiting",
            "agency",
            postgresql_where=text("received_at IS NULL AND misdirected_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    flow: Mapped[str]
    fact: Mapped[str]
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    holder_agency: Mapped[str | None]
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    role: Mapped[Role]
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    to_case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"))
    side: Mapped[FlowSide]
    form: Mapped[ReleaseForm]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    danger: Mapped[bool]
    owed_at: Mapped[datetime]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    released_at: Mapped[datetime]
    released_by: Mapped[str | None]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None]
    misdirected_at: Mapped[datetime | None]
    misdirected_by: Mapped[str | None]
    misdirected_because: Mapped[MisdirectionReason | None]


class FlowPosition(Base):
    """How far the worker has come: the place of the last event that it read, and the last case of its round.

    The round comes to every case by its id, for what no event tells of: a post that is filled, a day that has come.
    """

    __tablename__ = "flow_position"
    __guards__ = Guards(update="position, round_at")
    __table_args__ = (CheckConstraint("one_row = 1", name="one_row"),)

    one_row: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    round_at: Mapped[str]
