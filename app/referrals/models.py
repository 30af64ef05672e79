"""Tables of cases, referrals, incidents, facts learned later, and decisions. All except cases are append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import NAMED_ON_ROW, Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, Guards, RowSecurity

# The area that has taken a case over reads what was recorded before. It stores nothing in another area's name.
OF_THE_CASE = RowSecurity(f"{NAMED_ON_ROW} OR case_is_of_my_area(case_id)", stored_if=NAMED_ON_ROW)


class Case(Guarded, Base):
    """One victim and one perpetrator, over all referrals and forums.

    `perpetrator_ref` is None while nobody is identified.
    """

    __tablename__ = "case_file"
    __guards__ = Guards(update="perpetrator_ref, area, agencies")
    __table_args__ = (
        Index(
            "uq_case_dyad",
            "victim_ref",
            "perpetrator_ref",
            unique=True,
            # Two cases without a known perpetrator may be about two perpetrators.
            postgresql_where=text("perpetrator_ref IS NOT NULL"),
        ),
        Index("ix_case_perpetrator_ref", "perpetrator_ref"),
        Index("ix_case_victim_ref", "victim_ref"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[str] = mapped_column(Text, unique=True)
    victim_ref: Mapped[str]
    perpetrator_ref: Mapped[str | None]
    opened_at: Mapped[datetime]


class Referral(Guarded, Base):
    """A referral exactly as an agency sent it."""

    __tablename__ = "referral"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_THE_CASE
    __table_args__ = (
        UniqueConstraint("client_id", "source_system", "source_reference"),
        Index("ix_referral_case_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    client_id: Mapped[str]
    source_system: Mapped[str]
    source_reference: Mapped[str]
    referring_agency: Mapped[str]
    received_at: Mapped[datetime]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Incident(Guarded, Base):
    """One reported event with its own victim and perpetrator: a perpetrator here can be a victim elsewhere."""

    __tablename__ = "incident"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_THE_CASE
    __table_args__ = (
        Index("ix_incident_victim_ref", "victim_ref"),
        Index("ix_incident_perpetrator_ref", "perpetrator_ref"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    victim_ref: Mapped[str]
    perpetrator_ref: Mapped[str | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class LaterFacts(Guarded, Base):
    """Facts learned after a referral was sent. The referral itself stays as it was sent."""

    __tablename__ = "later_facts"
    __guards__ = APPEND_ONLY
    __row_security__ = RowSecurity(
        f"{NAMED_ON_ROW} OR EXISTS (SELECT 1 FROM referral "  # noqa: S608 - our own words
        "WHERE referral.id = referral_id AND case_is_of_my_area(referral.case_id))",
        stored_if=NAMED_ON_ROW,
    )
    __table_args__ = (Index("ix_later_facts_referral_id", "referral_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    learned_at: Mapped[datetime]
    learned_by: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class NotForDisclosure(Guarded, Base):
    """A text that the perpetrator must never learn, sealed and stored apart from the referral.

    Fewer agencies see it.
    """

    __tablename__ = "not_for_disclosure"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_THE_CASE
    __table_args__ = (Index("ix_not_for_disclosure_referral_id", "referral_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class Decision(Guarded, Base):
    """A routing decision with everything it was made from. A new fact makes a new decision; none is edited.

    `told_sha256` hashes the facts that agencies reported, without our own records of who owns or declined. Two
    decisions with an equal hash rest on "the same facts" (I5).
    """

    __tablename__ = "decision"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_THE_CASE
    __table_args__ = (
        Index("ix_decision_case_id", "case_id"),
        Index("ix_decision_referral_id", "referral_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    decided_at: Mapped[datetime]
    because: Mapped[str]
    policy_id: Mapped[str]
    policy_version: Mapped[str]
    policy_sha256: Mapped[str]
    facts_sha256: Mapped[str]
    told_sha256: Mapped[str | None]
    sha256: Mapped[str]
    record: Mapped[dict[str, Any]] = mapped_column(JSONB)
