"""Further cases of an action: a duty about a person is owed once, however many cases that person has."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards, RowSecurity


class FurtherCase(Base):
    """A further case that an action serves: the duty is owed once for the person or the children of both cases.

    `decision_id` is the decision of that case that owes it too, None where no decision asks for it; `ended_at` is when
    that case stopped owing it.
    """

    __tablename__ = "action_further_case"
    __guards__ = Guards(update="ended_at")
    # Its owner and MARAC only: who was named on the action in its own case has no part in the other for that.
    __row_security__ = RowSecurity(
        "EXISTS (SELECT FROM action WHERE action.id = action_id AND row_is_visible(action.area, ARRAY[owner_agency]))"
    )
    __table_args__ = (Index("ix_action_further_case_case_id", "case_id"),)

    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))
    shared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
