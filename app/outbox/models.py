"""Events: append-only, thin, with the exact bytes that every receiver will get."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Identity, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY
from app.vocabulary import EventType, SubjectType


class Event(Guarded, Base):
    """Something that happened to a subject.

    `agencies` may be told; `asked_roles` are the posts of `owner_agency` that are asked for something. `dedupe_key`
    keeps the same event from being stored twice.
    """

    __tablename__ = "event"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        # PostgreSQL counts no NULL as equal to another: an event without a key is always new.
        UniqueConstraint("dedupe_key"),
        Index("ix_event_subject", "subject_type", "subject_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    type: Mapped[EventType] = mapped_column(info={"grows": True})  # each release may add one
    subject_type: Mapped[SubjectType]
    subject_id: Mapped[str]
    case_id: Mapped[str | None]
    forums: Mapped[list[str]] = mapped_column(ARRAY(Text))
    owner_agency: Mapped[str | None]
    asked_roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # Bytes and not JSON: receivers verify a signature over exactly these, and PostgreSQL would write JSON anew.
    body: Mapped[bytes] = mapped_column(LargeBinary)
    dedupe_key: Mapped[str | None]
    occurred_at: Mapped[datetime]
    priority: Mapped[int]
    trace_id: Mapped[str]
