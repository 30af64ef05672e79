"""The table of which areas are asked whether two pseudonyms are one person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY
from app.vocabulary import Role


class LinkAsk(Guarded, Base):
    """One area that is asked, and the post that has it in its inbox. No other area sees that it is asked."""

    __tablename__ = "link_ask"
    __guards__ = APPEND_ONLY
    __table_args__ = (UniqueConstraint("proposal_id", "area"), Index("ix_link_ask_agency", "agency", "answer_by"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("link_proposal.id"))
    role: Mapped[Role]
    agency: Mapped[str | None]
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
