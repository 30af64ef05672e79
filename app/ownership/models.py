"""Needs, the spans in which somebody owned them, proposals to lead, and their answers."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Guarded


class Need(Guarded, Base):
    """A question somebody must own: a victim's safety, or a perpetrator's management, over every case of that person."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint("kind IN ('VICTIM_SAFETY', 'PERPETRATOR')", name="kind"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="never_ends_without_a_reason"),
        Index(
            "uq_need_open_subject",
            "kind",
            "subject_ref",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    kind: Mapped[str]
    subject_ref: Mapped[str]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    ended_by: Mapped[str | None]


class CaseNeed(Base):
    """Which needs a case raises. A need can serve several cases: one perpetrator, five victims."""

    __tablename__ = "case_need"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"), primary_key=True)


class Ownership(Guarded, Base):
    """A span of accepted ownership. Spans of one need neither overlap nor leave a gap: PostgreSQL sees to both."""

    __tablename__ = "ownership"
    __table_args__ = (
        ExcludeConstraint(
            (func.int8range(text("need_number"), text("need_number"), text("'[]'")), "&&"),
            ("during", "&&"),
            name="ex_ownership_one_owner",
            using="gist",
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    need_number: Mapped[int] = mapped_column(ForeignKey("need.number"))
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    forum: Mapped[str]
    role: Mapped[str]
    agency: Mapped[str]
    proposal_id: Mapped[str | None]
    accepted_by: Mapped[str]


class Proposal(Guarded, Base):
    """A forum has been asked to lead, or to support. Until it accepts, it owns nothing."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("kind IN ('LEAD', 'SUPPORT')", name="kind"),
        CheckConstraint(
            "state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN')", name="state"
        ),
        Index("ix_proposal_need_id", "need_id"),
        Index("ix_proposal_waiting", "answer_by", postgresql_where=text("state = 'PROPOSED'")),
        Index(
            "uq_proposal_waiting_forum",
            "need_id",
            "kind",
            "forum",
            unique=True,
            postgresql_where=text("state = 'PROPOSED'"),
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))
    kind: Mapped[str]
    forum: Mapped[str]
    role: Mapped[str]
    agency: Mapped[str | None]
    sender_agency: Mapped[str]
    because: Mapped[str]
    facts_sha256: Mapped[str]
    proposed_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    state: Mapped[str]


class Answer(Guarded, Base):
    """How a proposal ended: accepted, declined with a code, expired or withdrawn. One for each, never edited."""

    __tablename__ = "proposal_answer"
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        CheckConstraint("(state = 'DECLINED') = (code IS NOT NULL)", name="a_decline_has_a_code"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    state: Mapped[str]
    code: Mapped[str | None]
    claimed_forum: Mapped[str | None]
    claim_holds: Mapped[bool | None]
    reason: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]
