"""Tables of cases, referrals, incidents, facts learned later, and decisions. All except cases are append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import NAMED_ON_ROW, Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, Guards, RowSecurity

# The area that has taken a case over reads what was recorded before. It stores nothing in another area's name.
OF_THE_CASE = RowSecurity(f"{NAMED_ON_ROW} OR case_is_of_my_area(case_id)", stored_if=NAMED_ON_ROW)


class Case(Guarded, Base):
    """One victim and one perpetrator, over all referrals and forums.

    `perpetrator_ref` is None while nobody is identified. `identified_at` is when somebody was, if not from the start.
    It belongs to one area. `received_at` is when another area took it over, if one did.
    """

    __tablename__ = "case_file"
    __guards__ = Guards(update="perpetrator_ref, identified_at, area, received_at, agencies")
    __table_args__ = (
        Index(
            "uq_case_dyad",
            "victim_ref",
            "perpetrator_ref",
            "area",
            unique=True,
            # Two cases without a known perpetrator may be about two perpetrators, and both may turn out to be this one.
            # An area may have a case of two people before it takes theirs over from another area.
            postgresql_where=text("perpetrator_ref IS NOT NULL AND identified_at IS NULL AND received_at IS NULL"),
        ),
        Index("ix_case_perpetrator_ref", "perpetrator_ref"),
        Index("ix_case_victim_ref", "victim_ref"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[str] = mapped_column(Text, unique=True)
    victim_ref: Mapped[str]
    perpetrator_ref: Mapped[str | None]
    identified_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]


class Referral(Guarded, Base):
    """A referral exactly as an agency sent it."""

    __tablename__ = "referral"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_THE_CASE
    __table_args__ = (
        UniqueConstraint("referring_agency", "source_system", "source_reference"),
        Index("ix_referral_case_id", "case_id"),
        Index("ix_referral_submitted", "referring_agency", "received_at", "id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    client_id: Mapped[str]
    source_system: Mapped[str]
    source_reference: Mapped[str]
    referring_agency: Mapped[str]
    received_at: Mapped[datetime]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Incident(Guarded, Base):
    """One reported event with its own victim and perpetrator: a perpetrator here can be a victim elsewhere.

    `sent_later`: it was added to the referral, and so is a report of its own, with its own author.
    """

    __tablename__ = "incident"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_THE_CASE
    __table_args__ = (
        Index("ix_incident_victim_ref", "victim_ref"),
        Index("ix_incident_perpetrator_ref", "perpetrator_ref"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    victim_ref: Mapped[str]
    perpetrator_ref: Mapped[str | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    reported_by: Mapped[str]
    sent_later: Mapped[bool]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class LaterFacts(Guarded, Base):
    """Facts learned after a referral was sent. The referral itself stays as it was sent.

    `incident_id` names the incident that they were sent with, if there was one. `answers_report` names the report that
    an enquiry asked about, where they answer one: a referral or a later incident. `learned_by_person` is the person who
    acted, if the client named one: without a name nothing that protects is taken back.
    """

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
    learned_by_person: Mapped[str | None]
    incident_id: Mapped[str | None] = mapped_column(ForeignKey("incident.id"))
    answers_report: Mapped[str | None]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AssessmentReview(Guarded, Base):
    """A named person sets the grade of one report, and says why. The report itself stays as it was sent.

    `incident_id` names the report where it is a later incident; None: the referral itself. `settles` are the JSON
    pointers of what agencies stated differently and what the reviewer was asked about.
    """

    __tablename__ = "assessment_review"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_THE_CASE
    __table_args__ = (Index("ix_assessment_review_referral_id", "referral_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    incident_id: Mapped[str | None] = mapped_column(ForeignKey("incident.id"))
    grade: Mapped[str]
    reason: Mapped[str]
    reviewed_by: Mapped[str]
    agency: Mapped[str]
    settles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reviewed_at: Mapped[datetime]


class NotForDisclosure(Guarded, Base):
    """A text that the perpetrator must never learn, sealed and stored apart from the referral.

    Fewer agencies see it. `part` names the field of the request that it came in; the document holds the id instead.
    """

    __tablename__ = "not_for_disclosure"
    __guards__ = APPEND_ONLY
    __row_security__ = OF_THE_CASE
    __table_args__ = (Index("ix_not_for_disclosure_referral_id", "referral_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    part: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class Decision(Guarded, Base):
    """A routing decision with everything it was made from. A new fact makes a new decision; none is edited.

    `record` is its short form: the facts, the answers and the ids of what followed, from which the policy prints the
    whole record again, with the fingerprint `sha256`. `stated` are the signs of danger that agencies had reported.

    `told_sha256` hashes the facts that agencies reported, without our own records of who owns or declined. Two
    decisions with an equal hash rest on "the same facts" (I5). `marac_referred_at` is when the case was last referred
    to MARAC, as of this decision: a decision that is made anew on the same referral does not move it.
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
    marac_referred_at: Mapped[datetime | None]
    sha256: Mapped[str]
    stated: Mapped[list[str]] = mapped_column(ARRAY(Text))
    record: Mapped[dict[str, Any]] = mapped_column(JSONB)
