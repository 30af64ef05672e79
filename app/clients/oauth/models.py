"""The table of the client assertions that were used: none is taken twice."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards


class UsedAssertion(Base):
    """A hash of the `jti` of an assertion that a client has used. It is kept until the assertion has ended."""

    __tablename__ = "used_assertion"
    __guards__ = Guards(may="SELECT, INSERT, DELETE")
    __table_args__ = (Index("ix_used_assertion_ends_at", "ends_at"),)

    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), primary_key=True)
    jti_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ends_at: Mapped[datetime]
