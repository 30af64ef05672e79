"""The one table of the throttle."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards


class CallCount(Base):
    """How many calls somebody made in the window that began then. `subject` is an id or a digest, never a name.

    The table is unlogged: a call waits for no disk, and after a crash of the server everybody begins anew.
    """

    __tablename__ = "call_count"
    __guards__ = Guards(may="SELECT, INSERT, DELETE", update="began, calls")
    __table_args__ = (
        # The cleaning job reads by it.
        Index("ix_call_count_began", "began"),
        {"prefixes": ["UNLOGGED"]},
    )

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    began: Mapped[datetime]
    calls: Mapped[int]
