"""Needs, the periods in which somebody owned them, proposals, overrides, transfers and endings.

One module, because its constraints together hold the invariants I0 to I7 and are read together.
"""

from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import NAMED_ON_ROW, Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, Guards, RowSecurity
from app.ownership.vocabulary import CONFIRMING_POSTS, DeathReference, DeathSource, ProposalKind
from app.vocabulary import DeclineCode, EndReason, Forum, NeedKind, ProposalState, Role

_CONFIRMING = ", ".join(f"'{role}'" for role in CONFIRMING_POSTS[NeedKind.VICTIM_SAFETY])


class Need(Guarded, Base):
    """What somebody must own: a perpetrator's management over every case of theirs, or a victim's safety in one area.

    Two areas that know the same victim each own a need, until both agree that one ends as a duplicate of the other:
    whoever names a victim learns nothing of where another area protects them.
    """

    __tablename__ = "need"
    __guards__ = Guards(update="ended_at, end_reason, ended_by, agencies", kept="SELECT")
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="never_ends_without_a_reason"),
        UniqueConstraint("id", "kind"),
        Index(
            "uq_need_open_perpetrator",
            "subject_ref",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND kind = 'PERPETRATOR'"),
        ),
        Index(
            "uq_need_open_victim",
            "subject_ref",
            "area",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND kind = 'VICTIM_SAFETY'"),
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    # Stands for the id in the exclusion constraint of `ownership`, which compares numbers.
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    kind: Mapped[NeedKind]
    subject_ref: Mapped[str]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None]
    ended_by: Mapped[str | None]


class CaseNeed(Base):
    """Which needs a case raises. A need can serve several cases, such as those of one perpetrator's victims."""

    __tablename__ = "case_need"
    __guards__ = Guards()

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"), primary_key=True)


class Ownership(Guarded, Base):
    """A period of accepted ownership. PostgreSQL refuses periods of one need that overlap or leave a gap."""

    __tablename__ = "ownership"
    __guards__ = Guards(update="during", kept="SELECT")
    __table_args__ = (
        ExcludeConstraint(
            # The number as a range of one value: GiST compares ranges without the extension btree_gist.
            (func.int8range(text("need_number"), text("need_number"), text("'[]'")), "&&"),
            ("during", "&&"),
            name="ex_ownership_one_owner",
            using="gist",
        ),
        CheckConstraint("NOT isempty(during)", name="never_empty"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    need_number: Mapped[int] = mapped_column(ForeignKey("need.number"))
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    forum: Mapped[Forum]
    role: Mapped[Role]
    agency: Mapped[str]
    proposal_id: Mapped[str | None]
    accepted_by: Mapped[str]


class Proposal(Guarded, Base):
    """A forum is asked to lead or to support. It owns nothing until it accepts."""

    __tablename__ = "proposal"
    __guards__ = Guards(update="state, agency, agencies")
    __table_args__ = (
        CheckConstraint("state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN')", name="state"),
        Index("ix_proposal_need_id", "need_id"),
        # Partial: the worker looks for overdue proposals every second, and only unanswered ones can be overdue.
        Index("ix_proposal_waiting", "answer_by", postgresql_where=text("state = 'PROPOSED'")),
        Index("ix_proposal_not_taken", "area", postgresql_where=text("state IN ('DECLINED', 'EXPIRED')")),
        Index("ix_proposal_asked", "agency", "answer_by", postgresql_where=text("state = 'PROPOSED'")),
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
    kind: Mapped[ProposalKind]
    forum: Mapped[Forum]
    role: Mapped[Role]
    agency: Mapped[str | None]
    sender_agency: Mapped[str]
    because: Mapped[str]
    facts_sha256: Mapped[str]
    proposed_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    state: Mapped[ProposalState]


class ProposalAnswer(Guarded, Base):
    """How a proposal ended: accepted, declined with a code, expired or withdrawn. One for each, never edited."""

    __tablename__ = "proposal_answer"
    __guards__ = Guards(append_only=True, kept="SELECT")
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        CheckConstraint("(state = 'DECLINED') = (code IS NOT NULL)", name="a_decline_has_a_code"),
        CheckConstraint(
            "(code IS NOT DISTINCT FROM 'INSUFFICIENT_INFO') = (missing IS NOT NULL)",
            name="missing_goes_with_its_code",
        ),
        CheckConstraint(
            "(code IS NOT DISTINCT FROM 'OUT_OF_AREA') = (to_area IS NOT NULL)",
            name="area_goes_with_its_code",
        ),
        CheckConstraint(
            "(code IS NOT DISTINCT FROM 'DUPLICATE') = (duplicate_of IS NOT NULL)",
            name="duplicate_goes_with_its_code",
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    state: Mapped[ProposalState]
    code: Mapped[DeclineCode | None]
    claimed_forum: Mapped[Forum | None]
    claim_holds: Mapped[bool | None]
    missing: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    to_area: Mapped[str | None]
    duplicate_of: Mapped[str | None]
    reason: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]


class Override(Guarded, Base):
    """A chair's decision who should own a need, against the order or a decline. Only an acceptance moves the need.

    It holds only against the span of ownership that the chair saw; once another owns, the chair decides anew.
    """

    __tablename__ = "ownership_override"
    __guards__ = APPEND_ONLY
    __table_args__ = (UniqueConstraint("proposal_id"), Index("ix_ownership_override_need_id", "need_id"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"))
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    # An acceptance under this override moves the need only while this span is the present one.
    stands_against: Mapped[str] = mapped_column(ForeignKey("ownership.id"))
    reason: Mapped[str]
    overridden_by: Mapped[str]
    overridden_at: Mapped[datetime]


class Transfer(Guarded, Base):
    """The victim moves: another area is asked to own the victim's safety. `area` owns it until that area accepts."""

    __tablename__ = "transfer"
    __guards__ = Guards(update="state", kept="SELECT")
    __table_args__ = (
        CheckConstraint("state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')", name="state"),
        CheckConstraint("area <> to_area", name="to_another_area"),
        Index("ix_transfer_case_id", "case_id"),
        Index("uq_transfer_waiting", "need_id", unique=True, postgresql_where=text("state = 'PROPOSED'")),
        Index("ix_transfer_asked", "receiver_agency", postgresql_where=text("state = 'PROPOSED'")),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"))
    to_area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    sender_agency: Mapped[str]
    receiver_agency: Mapped[str]
    plan: Mapped[str]
    minutes: Mapped[str]
    idva_handover: Mapped[str]
    heard_before: Mapped[bool | None]
    heard_on: Mapped[date | None]
    plan_sent: Mapped[bool | None]
    idva_handover_on: Mapped[date | None]
    agenda_out: Mapped[bool | None]
    actions_handed_over: Mapped[list[str]] = mapped_column(ARRAY(Text))
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    state: Mapped[ProposalState]


class TransferAnswer(Guarded, Base):
    """How a transfer ended. An acceptance names the need it opened in the receiving area."""

    __tablename__ = "transfer_answer"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        UniqueConstraint("transfer_id"),
        CheckConstraint("(state = 'ACCEPTED') = (need_opened IS NOT NULL)", name="acceptance_opens_a_need"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    transfer_id: Mapped[str] = mapped_column(ForeignKey("transfer.id"))
    state: Mapped[ProposalState]
    reason: Mapped[str]
    need_opened: Mapped[str | None] = mapped_column(ForeignKey("need.id"))
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]


class AskedEnding(Guarded, Base):
    """The owning forum's chair says why a need ends. It stays open and owned until a second person confirms it.

    `agency` is asked to confirm in `role`; `version` counts whom that was asked of in turn, as the post passed on.
    `stands_on` is the span of ownership that the chair spoke for. A post that confirms is seen by whoever fills it now.
    """

    __tablename__ = "asked_ending"
    __guards__ = Guards(update="state, answer, answered_by, answered_at, role, agency, agencies, version")
    __row_security__ = RowSecurity(
        f"{NAMED_ON_ROW} OR EXISTS (SELECT FROM post WHERE post.area = asked_ending.area "
        f"AND post.agency = current_setting('app.agency') AND post.role IN ({_CONFIRMING}))"
    )
    __table_args__ = (
        CheckConstraint("state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')", name="state"),
        CheckConstraint("reason IN ('RISK_RESOLVED', 'DECEASED', 'CUSTODY_NO_RELEASE', 'DUPLICATE_OF')", name="reason"),
        CheckConstraint(
            "(state = 'PROPOSED') = (answered_by IS NULL) AND (answered_by IS NULL) = (answer IS NULL)"
            " AND (answered_by IS NULL) = (answered_at IS NULL)",
            name="answered_once",
        ),
        CheckConstraint("strpos(asked_by, '/') > 0", name="by_a_named_person"),
        CheckConstraint(
            "(reason = 'DECEASED') = (death_source IS NOT NULL) AND (death_source IS NULL) = (death_reference IS NULL)"
            " AND (death_source IS NULL) = (death_dated IS NULL)",
            name="death_is_proved",
        ),
        CheckConstraint(
            "state <> 'ACCEPTED' OR (strpos(answered_by, '/') > 0 AND is_second_person(answered_by, asked_by))",
            name="second_person",
        ),
        CheckConstraint(
            "state <> 'ACCEPTED' OR (kind <> 'VICTIM_SAFETY' AND reason <> 'DECEASED')"
            " OR split_part(answered_by, '/', 1) <> split_part(asked_by, '/', 1)",
            name="victims_safety_by_two_agencies",
        ),
        # The keys that bring the need's kind into this row, and its persons into that of the ending.
        ForeignKeyConstraint(["need_id", "kind"], ["need.id", "need.kind"], name="fk_asked_ending_the_need"),
        UniqueConstraint("id", "need_id", "asked_by", "answered_by"),
        Index("uq_asked_ending_waiting", "need_id", unique=True, postgresql_where=text("state = 'PROPOSED'")),
        Index("ix_asked_ending_asked", "agency", "answer_by", postgresql_where=text("state = 'PROPOSED'")),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    need_id: Mapped[str]
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[NeedKind]
    reason: Mapped[EndReason]
    note: Mapped[str]
    as_role: Mapped[Role]
    occurred_on: Mapped[date | None]
    death_source: Mapped[DeathSource | None]
    death_reference: Mapped[DeathReference | None]
    death_dated: Mapped[date | None]
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("need.id"))
    actions_continue: Mapped[list[str]] = mapped_column(ARRAY(Text))
    stands_on: Mapped[str] = mapped_column(ForeignKey("ownership.id"))
    role: Mapped[Role]
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    version: Mapped[int]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    state: Mapped[ProposalState]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class Ending(Guarded, Base):
    """Why a need ended, as the owning forum's chair said it (I4) and a second person confirmed it.

    A move is confirmed by the receiving area, and what goes on as another need about a person who is identified by
    nobody. PostgreSQL refuses an end without this record.
    """

    __tablename__ = "need_ending"
    __guards__ = Guards(append_only=True, kept="SELECT")
    __table_args__ = (
        UniqueConstraint("need_id"),
        CheckConstraint(
            "reason IN ('RISK_RESOLVED', 'MOVED', 'DECEASED', 'CUSTODY_NO_RELEASE', 'DUPLICATE_OF')",
            name="reason",
        ),
        CheckConstraint("(reason = 'DUPLICATE_OF') = (duplicate_of IS NOT NULL)", name="duplicate_names_the_other"),
        CheckConstraint("(reason = 'MOVED') = (transfer_id IS NOT NULL)", name="move_was_accepted"),
        CheckConstraint("confirmed_by IS NOT NULL OR reason IN ('MOVED', 'DUPLICATE_OF')", name="confirmed"),
        CheckConstraint("confirmed_by IS NULL OR is_second_person(confirmed_by, ended_by)", name="second_person"),
        CheckConstraint("(confirmed_by IS NULL) = (asked_id IS NULL)", name="confirmed_as_it_was_asked"),
        ForeignKeyConstraint(
            ["asked_id", "need_id", "ended_by", "confirmed_by"],
            ["asked_ending.id", "asked_ending.need_id", "asked_ending.asked_by", "asked_ending.answered_by"],
            name="fk_need_ending_as_it_was_asked",
        ),
        CheckConstraint(
            "(reason IN ('RISK_RESOLVED', 'DECEASED', 'CUSTODY_NO_RELEASE')) = (occurred_on IS NOT NULL)",
            name="says_since_when",
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"))
    reason: Mapped[EndReason]
    note: Mapped[str]
    as_role: Mapped[Role]
    asked_id: Mapped[str | None] = mapped_column(Text, unique=True)
    confirmed_by: Mapped[str | None]
    occurred_on: Mapped[date | None]
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("need.id"))
    transfer_id: Mapped[str | None] = mapped_column(ForeignKey("transfer.id"))
    ended_by: Mapped[str]
    ended_at: Mapped[datetime]
