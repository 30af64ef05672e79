"""The table of what happened to clients and their keys. Both belong to the access room, which asks for them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.clients.vocabulary import ClientChangeKind
from app.foundation.storage.database import Base
from app.foundation.storage.guards import APPEND_ONLY, RowSecurity


class ClientChange(Base):
    """A client, or the key that is named, was added, replaced, suspended or resumed: by whom, when and why."""

    __tablename__ = "client_change"
    __guards__ = APPEND_ONLY
    __row_security__ = RowSecurity("row_is_visible(NULL, ARRAY[agency])")
    __table_args__ = (Index("ix_client_change_client_id", "client_id", "number"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"))
    key_id: Mapped[str | None] = mapped_column(ForeignKey("client_key.id"))
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    kind: Mapped[ClientChangeKind]
    reason: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
