"""The tables of what is recorded about a meeting: invitations, research, attendance, decisions, minutes.

All are append-only. One module, because the records of one meeting name each other and are changed together.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import NAMED_ON_ROW, Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, RowSecurity
from app.meetings.vocabulary import (
    AimedAt,
    AttendanceKind,
    EmergencyAnswer,
    Party,
    ResearchForm,
    ReviewFinding,
)
from app.vocabulary import Role


class Invitation(Guarded, Base):
    """The invitation of a practitioner to a hearing. `agency` is None while nobody fills the post."""

    __tablename__ = "invitation"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        # Two agencies can work with one person; while nobody fills the post there is one open invitation.
        UniqueConstraint("meeting_id", "case_id", "party", "role", "agency", postgresql_nulls_not_distinct=True),
        Index("ix_invitation_case_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    party: Mapped[Party]
    role: Mapped[Role]
    agency: Mapped[str | None]
    invited_at: Mapped[datetime]


class ResearchRequest(Guarded, Base):
    """The question to an agency what it holds on a case. Its action carries the deadline, the cover and the reminders.

    Who covers for the agency sees it while the cover lasts, and answers it.
    """

    __tablename__ = "research_request"
    __guards__ = APPEND_ONLY
    __row_security__ = RowSecurity(
        f"{NAMED_ON_ROW} OR EXISTS (SELECT FROM action JOIN cover ON cover.id = action.cover_id "
        "WHERE action.id = action_id AND row_is_visible(NULL, ARRAY[cover.cover_agency]))",
        stored_if=NAMED_ON_ROW,
    )
    __table_args__ = (
        # A case that left the list and comes back is asked about anew, by another action.
        UniqueConstraint("meeting_id", "case_id", "agency", "action_id"),
        Index("ix_research_request_case_id", "case_id"),
        Index("ix_research_request_action_id", "action_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"))
    agency: Mapped[str]
    form: Mapped[ResearchForm]
    requested_at: Mapped[datetime]


class ResearchReturn(Guarded, Base):
    """What an agency holds on a case, whole as it was sent. A later return adds to an earlier one.

    One that needs a countersignature counts as a return from its countersignature on.
    """

    __tablename__ = "research_return"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        CheckConstraint("NOT needs_countersignature OR strpos(returned_by, '/') > 0", name="by_a_named_person"),
        # The key that brings the sender into the row of the countersignature.
        UniqueConstraint("id", "returned_by"),
        Index("ix_research_return_request_id", "request_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("research_request.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    needs_countersignature: Mapped[bool]
    returned_by: Mapped[str]
    returned_at: Mapped[datetime]


class Countersignature(Guarded, Base):
    """The act of a second named person of the sender's agency, who read a return and answers for it, too."""

    __tablename__ = "return_countersignature"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        ForeignKeyConstraint(["return_id", "returned_by"], ["research_return.id", "research_return.returned_by"]),
        CheckConstraint(
            "strpos(countersigned_by, '/') > 0 AND is_second_person(countersigned_by, returned_by)"
            " AND split_part(countersigned_by, '/', 1) = split_part(returned_by, '/', 1)",
            name="second_person",
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    return_id: Mapped[str] = mapped_column(Text, unique=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    returned_by: Mapped[str]
    countersigned_by: Mapped[str]
    countersigned_at: Mapped[datetime]


class Attendance(Guarded, Base):
    """How an agency took part in a meeting. The newest row of an agency counts."""

    __tablename__ = "attendance"
    __guards__ = APPEND_ONLY
    __table_args__ = (Index("ix_attendance_meeting_id", "meeting_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    how: Mapped[AttendanceKind]
    note: Mapped[str | None]
    statement_signed: Mapped[bool | None]
    received_on: Mapped[date | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class EmergencyDecision(Guarded, Base):
    """The chair's decision on an emergency meeting (D07). `meeting_id` is the meeting that the case then waits for."""

    __tablename__ = "emergency_decision"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        CheckConstraint("(answer = 'HOLD') = (held_on IS NOT NULL)", name="a_meeting_has_a_day"),
        Index("ix_emergency_decision_case_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"))
    answer: Mapped[EmergencyAnswer]
    reason: Mapped[str]
    held_on: Mapped[date | None]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]


class MeetingReview(Guarded, Base):
    """What the chair found about an unfinished or declined action at a meeting (D40)."""

    __tablename__ = "meeting_review"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        Index("ix_meeting_review_meeting_id", "meeting_id"),
        Index("ix_meeting_review_action_id", "action_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"))
    finding: Mapped[ReviewFinding]
    note: Mapped[str]
    reviewed_by: Mapped[str]
    reviewed_at: Mapped[datetime]


class PlanAction(Guarded, Base):
    """An action that a meeting set, whom it is aimed at, and why an action that failed before is repeated."""

    __tablename__ = "plan_action"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        UniqueConstraint("action_id"),
        CheckConstraint("(repeats_action_id IS NULL) = (reuse_reason IS NULL)", name="reuse_has_a_reason"),
        Index("ix_plan_action_case_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"))
    aimed_at: Mapped[AimedAt]
    repeats_action_id: Mapped[str | None] = mapped_column(ForeignKey("action.id"))
    reuse_reason: Mapped[str | None]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class Completion(Guarded, Base):
    """The record that an agenda is done: every case heard or moved, every action reviewed, every agency recorded."""

    __tablename__ = "meeting_completion"
    __guards__ = APPEND_ONLY
    __table_args__ = (UniqueConstraint("meeting_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    minutes_due_on: Mapped[date]
    completed_by: Mapped[str]
    completed_at: Mapped[datetime]


class Minutes(Guarded, Base):
    """The record that a meeting's minutes were sent. `agencies` holds the recipients."""

    __tablename__ = "minutes"
    __guards__ = APPEND_ONLY
    __table_args__ = (Index("ix_minutes_meeting_id", "meeting_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    due_on: Mapped[date]
    sent_by: Mapped[str]
    sent_at: Mapped[datetime]


class MappaReferral(Guarded, Base):
    """The request of a responsible or co-operating agency that MAPPA manage the perpetrator at level 2 or 3."""

    __tablename__ = "mappa_referral"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        CheckConstraint("level IN (2, 3)", name="level"),
        CheckConstraint("(level = 3) = (senior_resources IS NOT NULL)", name="senior_resources_at_level_3"),
        Index("ix_mappa_referral_case_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"))
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    level: Mapped[int]
    category_claimed: Mapped[int | None]
    category_on_record: Mapped[int | None]
    grounds: Mapped[str]
    added_value: Mapped[str | None]
    senior_resources: Mapped[str | None]
    mappa_area: Mapped[str | None]
    victim_liaison: Mapped[bool | None]
    disclosure_considered: Mapped[bool | None]
    referring_agency: Mapped[str]
    referred_by: Mapped[str]
    referred_at: Mapped[datetime]
