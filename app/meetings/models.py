"""Meetings, listings and discharges."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Guarded


class Meeting(Base):
    """One sitting of a forum in an area, and the last day on which a referral still makes it."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("area", "forum", "held_on"),
        CheckConstraint("cut_off_on <= held_on", name="cut_off_before_meeting"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    forum: Mapped[str]
    held_on: Mapped[date]
    cut_off_on: Mapped[date]
    created_at: Mapped[datetime]


class Listing(Guarded, Base):
    """A case on a meeting's list, or on a forum's list with no meeting fixed yet."""

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("case_id", "meeting_id", postgresql_nulls_not_distinct=True),
        Index("ix_listing_meeting_id", "meeting_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"))
    forum: Mapped[str]
    listed_at: Mapped[datetime]
    heard_on: Mapped[date | None]


class Discharge(Guarded, Base):
    """A forum has let a case go, with the plan that goes on and who owns it. Append-only."""

    __tablename__ = "discharge"
    __table_args__ = (Index("ix_discharge_case_id", "case_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    forum: Mapped[str]
    plan: Mapped[str]
    discharged_by: Mapped[str]
    discharged_at: Mapped[datetime]
