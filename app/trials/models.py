"""The table of the trials room."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import Guards


class PolicyWhatIf(Guarded, Base):
    """What a policy would change on stored decisions, worked out in steps so that a long run shows its progress."""

    __tablename__ = "policy_what_if"
    __guards__ = Guards(update="done, last_number, found, finished_at")
    __table_args__ = (
        CheckConstraint("done <= total", name="progress"),
        CheckConstraint("(finished_at IS NULL) = (done < total)", name="finished_when_all_is_done"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str]
    base_text: Mapped[str | None]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    areas: Mapped[list[str]] = mapped_column(JSONB)
    total: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer)
    last_number: Mapped[int] = mapped_column(BigInteger)
    until_number: Mapped[int] = mapped_column(BigInteger)
    found: Mapped[dict[str, Any]] = mapped_column(JSONB)
    finished_at: Mapped[datetime | None]
