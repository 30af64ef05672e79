"""The tables of the calendar, the lists and the discharges. `record_models` holds what is recorded about a meeting."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, Guards
from app.meetings import record_models  # whoever imports this module registers all tables of the room
from app.meetings.vocabulary import CutOffUnit, MeetingKind
from app.vocabulary import Forum

__all__ = ["Deferral", "Discharge", "Listing", "Meeting", "MeetingCycle", "record_models"]


class MeetingCycle(Base):
    """How often a forum meets in an area, and how long before each meeting its list closes.

    The newest cycle is in use.
    """

    __tablename__ = "meeting_cycle"
    __guards__ = Guards()
    __table_args__ = (
        UniqueConstraint("area", "forum", "first_on"),
        CheckConstraint("every_days BETWEEN 1 AND 42", name="every_days"),
        CheckConstraint("cut_off_days BETWEEN 0 AND 30", name="cut_off_days"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    forum: Mapped[Forum]
    first_on: Mapped[date]
    every_days: Mapped[int]
    cut_off_days: Mapped[int]
    cut_off_unit: Mapped[CutOffUnit]
    created_at: Mapped[datetime]


class Meeting(Base):
    """One meeting of a forum in an area, and the last day on which a referral can still be listed for it."""

    __tablename__ = "meeting"
    __guards__ = Guards()
    __table_args__ = (
        UniqueConstraint("area", "forum", "held_on"),
        CheckConstraint("cut_off_on <= held_on", name="cut_off_before_meeting"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    forum: Mapped[Forum]
    kind: Mapped[MeetingKind]
    held_on: Mapped[date]
    cut_off_on: Mapped[date]
    cycle_id: Mapped[str | None] = mapped_column(ForeignKey("meeting_cycle.id"))
    created_at: Mapped[datetime]


class Listing(Guarded, Base):
    """A case on a meeting's list, or waiting for a forum that has no meeting in its calendar yet.

    `heard_at` is the instant of the hearing on `heard_on`: what happens later that day comes after it. `left_on` is the
    day on which the area of the list transferred the victim's safety to another area, or on which no case of the victim
    was MARAC's to hear any more, before MARAC had accepted.
    """

    __tablename__ = "listing"
    __guards__ = Guards(update="meeting_id, heard_on, heard_at, agencies, left_on")
    __table_args__ = (
        Index(
            "uq_listing_standing",
            "case_id",
            "meeting_id",
            unique=True,
            # Without it a case could wait twice without a meeting, because no NULL equals another.
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        CheckConstraint("heard_on IS NULL OR left_on IS NULL", name="heard_or_left"),
        CheckConstraint("(heard_on IS NULL) = (heard_at IS NULL)", name="heard_at_an_instant"),
        Index("ix_listing_meeting_id", "meeting_id"),
        Index("ix_listing_without_meeting", "area", "forum", postgresql_where=text("meeting_id IS NULL")),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"))
    forum: Mapped[Forum]
    listed_at: Mapped[datetime]
    heard_on: Mapped[date | None]
    heard_at: Mapped[datetime | None]
    left_on: Mapped[date | None]


class Deferral(Guarded, Base):
    """A case that was moved to another meeting: put off, or brought forward to an emergency meeting. Append-only."""

    __tablename__ = "deferral"
    __guards__ = APPEND_ONLY
    __table_args__ = (Index("ix_deferral_case_id", "case_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id"))
    from_meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"))
    to_meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    reason: Mapped[str]
    deferred_by: Mapped[str]
    deferred_at: Mapped[datetime]


class Discharge(Guarded, Base):
    """The discharge of a case from a forum, with the plan that continues. Append-only."""

    __tablename__ = "discharge"
    __guards__ = APPEND_ONLY
    __table_args__ = (Index("ix_discharge_case_id", "case_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    forum: Mapped[Forum]
    plan: Mapped[str]
    discharged_by: Mapped[str]
    discharged_at: Mapped[datetime]
