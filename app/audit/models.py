"""The audit trail: ids and names of field groups, never values."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.vocabulary import Category
from app.foundation.storage.database import Base
from app.foundation.storage.guards import APPEND_ONLY


class AuditEntry(Base):
    """One act by one caller on one subject. PostgreSQL refuses to change or delete it."""

    __tablename__ = "audit_entry"
    __guards__ = APPEND_ONLY
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    category: Mapped[Category]
    route: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    client_id: Mapped[str]
    agency: Mapped[str]
    on_behalf_of: Mapped[str | None]
    recipient: Mapped[str | None]
    trace_id: Mapped[str]
    address: Mapped[str | None]
