"""Enquiries and their questions. An answer ends its question; neither is ever removed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.enquiries.vocabulary import QuestionEnd
from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import Guards, RowSecurity
from app.vocabulary import NeedKind, Role


class AskedEnquiry(Guarded, Base):
    """Everything that one post is asked to look up about a case. `agency` is None while nobody fills the post.

    `version` counts the deadlines that its reminders had.
    """

    __tablename__ = "enquiry"
    __guards__ = Guards(update="agency, agencies, version")
    __table_args__ = (
        # One enquiry for each post and case: a second question joins the first.
        UniqueConstraint("case_id", "area", "role"),
        Index("ix_enquiry_agency", "agency"),
        Index("ix_enquiry_asked", "asked_at", "id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    role: Mapped[Role]
    agency: Mapped[str | None] = mapped_column(ForeignKey("agency.code"))
    asked_at: Mapped[datetime]
    version: Mapped[int]


class AskedQuestion(Base):
    """One question: the fact it asks for, what it decides, its own clock, and how it ended.

    `report_id` is the report that the question is about, where it is about one: a referral or a later incident. `about`
    says whom it concerns: the person of that need; None: the children. `moot_at` is when what nobody could find out
    stopped to matter. `lapsed_at` says when the end of its clock was decided on; `tried_at` when that last failed. A
    trigger keeps an ended question as it ended. Whoever sees the enquiry sees its questions.
    """

    __tablename__ = "enquiry_item"
    __guards__ = Guards(
        update="ask, decides, due_at, lapsed_at, tried_at, moot_at, "
        "ended_at, ended, value, looked_in, reason, passed_to, answered_by"
    )
    # Row security filters the enquiries that the condition reads.
    __row_security__ = RowSecurity("EXISTS (SELECT FROM enquiry WHERE enquiry.id = enquiry_id)")
    __table_args__ = (
        Index(
            "uq_enquiry_item_open",
            "enquiry_id",
            "fact",
            "report_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            postgresql_nulls_not_distinct=True,  # a question about no report in particular is open once, too
        ),
        Index("ix_enquiry_item_enquiry_id", "enquiry_id"),
        Index("ix_enquiry_item_case_id", "case_id"),
        # The worker reads only what still waits for its clock.
        Index("ix_enquiry_item_waiting", "due_at", postgresql_where=text("lapsed_at IS NULL AND value IS NULL")),
        CheckConstraint("(ended_at IS NULL) = (ended IS NULL)", name="ended_for_a_reason"),
        CheckConstraint("coalesce(ended = 'ANSWERED', false) = (value IS NOT NULL)", name="answered_with_a_value"),
        CheckConstraint(
            "coalesce(ended <> 'NO_LONGER_ASKED', false) = (answered_by IS NOT NULL)", name="ended_by_somebody"
        ),
        CheckConstraint("ended <> 'CANNOT_FIND_OUT' OR reason IS NOT NULL", name="cannot_find_out_because"),
        CheckConstraint("coalesce(ended = 'PASSED_ON', false) = (passed_to IS NOT NULL)", name="passed_on_to_a_post"),
        CheckConstraint("lapsed_at >= due_at", name="lapses_after_its_clock"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    enquiry_id: Mapped[str] = mapped_column(ForeignKey("enquiry.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    fact: Mapped[str]
    report_id: Mapped[str | None]
    about: Mapped[NeedKind | None]
    ask: Mapped[str]
    decides: Mapped[list[str]] = mapped_column(ARRAY(Text))
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    place: Mapped[int]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    moot_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended: Mapped[QuestionEnd | None]
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    looked_in: Mapped[str | None]
    reason: Mapped[str | None]
    passed_to: Mapped[Role | None]
    answered_by: Mapped[str | None]
