"""Timers, the lines by which each post is told of them, and the messages that carry the lines.

A timer is one row for each subject, version of its deadline, and rung. Rows are never removed; they say how they ended.
"""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards, RowSecurity
from app.reminders.vocabulary import MessageKind, TimerState
from app.vocabulary import Nation, Role, SubjectType

# What belongs to a post shows in its area and to its agency, and to the service's own workers.
OF_THE_POST = RowSecurity("row_is_visible(area, ARRAY[agency])")


class ReminderTimer(Base):
    """One rung that will fire, has fired, or was cancelled for a reason.

    `danger`: each post is called at once. `spares_owner`: only those above the owner are told.
    Row security does not guard timers and their lines: no endpoint reads them, they hold ids, dates and posts only, and
    a cancellation that a row filter hid would leave a reviewed action reminding.
    """

    __tablename__ = "reminder_timer"
    __guards__ = Guards(update="state, fired_at, late_by_seconds, reason, cancelled_at, withdrawn_at")
    __table_args__ = (
        # The version, not the date: a deadline that moves away and back reminds again.
        UniqueConstraint("subject_id", "due_version", "rung"),
        CheckConstraint("(state = 'fired') = (fired_at IS NOT NULL)", name="fired_at_an_instant"),
        CheckConstraint("state <> 'cancelled' OR reason IS NOT NULL", name="cancelled_for_a_reason"),
        CheckConstraint("(due_on IS NULL) <> (due_at IS NULL)", name="one_deadline"),
        CheckConstraint("cardinality(tells) > 0", name="tells_a_post"),
        Index("ix_reminder_timer_waiting", "fire_at", postgresql_where=text("state = 'scheduled'")),
        Index(
            "ix_reminder_timer_said",
            "subject_id",
            postgresql_where=text("state = 'fired' AND withdrawn_at IS NULL"),
        ),
        Index("ix_reminder_timer_case_id", "case_id", postgresql_where=text("state = 'fired'")),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    subject_type: Mapped[SubjectType]
    subject_id: Mapped[str]
    case_id: Mapped[str | None]
    area: Mapped[str]
    nation: Mapped[Nation]
    owner_agency: Mapped[str | None]
    owner_role: Mapped[Role]
    duty: Mapped[str | None]
    came_back: Mapped[bool]
    spares_owner: Mapped[bool]
    due_version: Mapped[int]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    life_safety: Mapped[bool]
    rung: Mapped[int]
    tells: Mapped[list[str]] = mapped_column(ARRAY(Text))
    danger: Mapped[bool]
    fire_at: Mapped[datetime]
    ladder_version: Mapped[str]
    calendar_version: Mapped[str]
    state: Mapped[TimerState]
    fired_at: Mapped[datetime | None]
    late_by_seconds: Mapped[int | None]
    reason: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ReminderLine(Base):
    """What one post is told of one timer that fired: waiting for its message, said in it, or withdrawn for a reason.

    `tells` is the word of the ladder, and `role` and `agency` the post that it stands for; without an agency it is
    whoever fills the role in the area when the line is said. `about` is the case, or a subject without one.
    """

    __tablename__ = "reminder_line"
    __guards__ = Guards(update="say_from, message_id, reason, withdrawn_at", kept="SELECT")
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (reason IS NULL)", name="withdrawn_for_a_reason"),
        Index(
            "ix_reminder_line_waiting",
            "danger",
            "say_from",
            postgresql_where=text("message_id IS NULL AND withdrawn_at IS NULL"),
        ),
        Index(
            "ix_reminder_line_standing",
            "message_id",
            postgresql_where=text("message_id IS NOT NULL AND withdrawn_at IS NULL"),
        ),
    )

    timer_id: Mapped[str] = mapped_column(ForeignKey("reminder_timer.id"), primary_key=True)
    tells: Mapped[str] = mapped_column(Text, primary_key=True)
    area: Mapped[str]
    nation: Mapped[Nation]
    role: Mapped[Role]
    agency: Mapped[str | None]
    about: Mapped[str]
    danger: Mapped[bool]
    say_from: Mapped[datetime]
    message_id: Mapped[str | None] = mapped_column(ForeignKey("reminder_message.id"))
    reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]


class ReminderMessage(Base):
    """A digest or a danger call: the post that was told, and the event that tells it.

    One event may carry the digests of several posts of an agency. `day` is the London date of a digest, and `about`
    what a danger call is about: a case, a subject without one, or the area of several. Without an agency nobody fills
    the post, and nobody stands in for it.
    """

    __tablename__ = "reminder_message"
    __guards__ = Guards(kept="SELECT")
    __row_security__ = OF_THE_POST
    __table_args__ = (
        CheckConstraint("(kind = 'digest') = (day IS NOT NULL)", name="a_digest_has_its_day"),
        CheckConstraint("(kind = 'danger') = (about IS NOT NULL)", name="a_call_has_its_case"),
        # The promise itself: no post gets two digests on a day, whatever the workers do. Calls have no day.
        UniqueConstraint("area", "role", "agency", "day"),
        Index(
            "uq_reminder_message_day_of_nobody",
            "area",
            "role",
            "day",
            unique=True,
            postgresql_where=text("agency IS NULL"),
        ),
        Index("ix_reminder_message_event_id", "event_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[MessageKind]
    area: Mapped[str]
    role: Mapped[Role]
    agency: Mapped[str | None]
    day: Mapped[date | None]
    about: Mapped[str | None]
    said_at: Mapped[datetime]


class PostMailbox(Base):
    """The address that reads the reminders of a post whose agency has no system to receive them."""

    __tablename__ = "post_mailbox"
    __guards__ = Guards(may="SELECT, INSERT, DELETE", update="address", kept="SELECT")
    __row_security__ = OF_THE_POST

    area: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"), primary_key=True)
    address: Mapped[str]
