"""Timers: one row for each subject, version of its deadline, and rung.

Rows are never removed; they say how they ended.
"""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards
from app.reminders.vocabulary import TimerState
from app.vocabulary import Nation, Role, SubjectType


class ReminderTimer(Base):
    """One rung that will fire, has fired, was merged into a higher one, or was cancelled for a reason.

    Row security does not guard timers: no endpoint reads them, they hold ids, dates and posts only, and a
    cancellation that a row filter hid would leave a reviewed action reminding.
    """

    __tablename__ = "reminder_timer"
    __guards__ = Guards(
        update="state, event_id, fired_at, late_by_seconds, merged_into, reason, cancelled_at, withdrawn_at"
    )
    __table_args__ = (
        # The version, not the date: a deadline that moves away and back reminds again.
        UniqueConstraint("subject_id", "due_version", "rung"),
        CheckConstraint("(state = 'fired') = (event_id IS NOT NULL)", name="fired_means_said"),
        CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_names_its_rung"),
        CheckConstraint("state <> 'cancelled' OR reason IS NOT NULL", name="cancelled_for_a_reason"),
        CheckConstraint("(due_on IS NULL) <> (due_at IS NULL)", name="one_deadline"),
        Index("ix_reminder_timer_waiting", "fire_at", postgresql_where=text("state = 'scheduled'")),
        Index(
            "ix_reminder_timer_said",
            "subject_id",
            postgresql_where=text("state = 'fired' AND withdrawn_at IS NULL"),
        ),
        Index("ix_reminder_timer_event_id", "event_id", postgresql_where=text("event_id IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    subject_type: Mapped[SubjectType]
    subject_id: Mapped[str]
    case_id: Mapped[str | None]
    area: Mapped[str]
    nation: Mapped[Nation]
    owner_agency: Mapped[str | None]
    owner_role: Mapped[Role]
    due_version: Mapped[int]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    life_safety: Mapped[bool]
    rung: Mapped[int]
    tells: Mapped[list[str]] = mapped_column(ARRAY(Text))
    fire_at: Mapped[datetime]
    ladder_version: Mapped[str]
    calendar_version: Mapped[str]
    state: Mapped[TimerState]
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"))
    fired_at: Mapped[datetime | None]
    late_by_seconds: Mapped[int | None]
    merged_into: Mapped[int | None]
    reason: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
