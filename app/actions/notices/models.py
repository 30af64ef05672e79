"""Notices: what one agency is told of one decision besides its own actions, and who received it."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import Guards
from app.vocabulary import Role


class WorkNotice(Guarded, Base):
    """The steps of a decision that reach one agency, and the event that carries them.

    `asks` are the words of each step; the event names the duties only. `sender_role` and `sender_agency`
    owe the steps. A system or a person of `agency` receives the notice, or it becomes the action `action_id` of the
    sender.
    """

    __tablename__ = "notice"
    __guards__ = Guards(update="received_at, received_by, action_id")
    __table_args__ = (
        CheckConstraint("(received_at IS NULL) = (received_by IS NULL)", name="received_by_somebody"),
        CheckConstraint("cardinality(steps) > 0", name="carries_a_step"),
        CheckConstraint("cardinality(asks) = cardinality(steps)", name="says_each_step"),
        Index("ix_notice_case_id", "case_id"),
        # The worker looks only at what nobody has received yet.
        Index("ix_notice_waiting", "sent_at", postgresql_where=text("received_at IS NULL AND action_id IS NULL")),
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
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None]
    action_id: Mapped[str | None] = mapped_column(ForeignKey("action.id"))
