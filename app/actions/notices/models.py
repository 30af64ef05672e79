"""Notices: what one agency is told of one decision besides its own actions, and who received it."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import Guards
from app.vocabulary import NeedKind, Role


class WorkNotice(Guarded, Base):
    """The steps of a decision by which one post owes something to one post of an agency, and the event that says so.

    `asks` are the words of each step; the event names the duties only. `sender_role` and `sender_agency`
    owe the steps, about the need `about` if they serve one, by the first of their dates. A system or a person of
    `agency` receives the notice, or it becomes the action `action_id` of the sender. `ended_because` says why nobody
    need receive it any more.
    """

    __tablename__ = "notice"
    __guards__ = Guards(update="received_at, received_by, action_id, ended_because")
    __table_args__ = (
        CheckConstraint("(received_at IS NULL) = (received_by IS NULL)", name="received_by_somebody"),
        CheckConstraint("cardinality(steps) > 0", name="carries_a_step"),
        CheckConstraint("cardinality(asks) = cardinality(steps)", name="says_each_step"),
        CheckConstraint("due_on IS NULL OR due_at IS NULL", name="one_deadline_at_most"),
        Index("ix_notice_case_id", "case_id"),
        Index("ix_notice_event_id", "event_id"),
        # The worker looks only at what nobody has received yet.
        Index(
            "ix_notice_waiting",
            "sent_at",
            postgresql_where=text("received_at IS NULL AND action_id IS NULL AND ended_because IS NULL"),
        ),
        Index("ix_notice_action_id", "action_id", postgresql_where=text("action_id IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    role: Mapped[Role]
    steps: Mapped[list[str]] = mapped_column(ARRAY(Text))
    asks: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sender_role: Mapped[Role]
    sender_agency: Mapped[str | None]
    about: Mapped[NeedKind | None]
    life_safety: Mapped[bool]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None]
    action_id: Mapped[str | None] = mapped_column(ForeignKey("action.id"))
    ended_because: Mapped[str | None]
