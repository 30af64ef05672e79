"""Actions with their covers, and the append-only reports, reviews and changes."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.actions.vocabulary import ChangeKind, ReviewVerdict
from app.foundation.storage.database import Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, Guards
from app.vocabulary import ActionOutcome, ActionState, Approach, NeedKind, Role


class Action(Guarded, Base):
    """A commitment: an owner, a deadline, and what must be true when it is done. Exactly one of the due fields is set.

    `repeats_every` and `again_within` (such as `7 days`) say when the duty is owed again after a report. The action
    that then opens names the reported one in `follows_id`; each action has at most one that follows it.
    `reaches_victim`: its owner reads what to know before contact.
    """

    __tablename__ = "action"
    __guards__ = Guards(
        update="forums, owner_agency, owner_role, opens_on, due_on, due_at, sort_at, state, outcome, last_reviewed_at, "
        "due_version, version, area, agencies, about, cover_id, recipient_agency, repeats_every, "
        "again_within, what, life_safety"
    )
    __table_args__ = (
        CheckConstraint("(due_on IS NULL) <> (due_at IS NULL)", name="one_deadline"),
        CheckConstraint("(state IN ('PLANNED', 'OPEN')) = (outcome IS NULL)", name="outcome_unless_open"),
        CheckConstraint("state <> 'PLANNED' OR opens_on IS NOT NULL", name="planned_for_a_day"),
        Index("ix_action_planned", "opens_on", "id", postgresql_where=text("state = 'PLANNED'")),
        Index("ix_action_due", "sort_at", "id", postgresql_where=text("state IN ('OPEN', 'REPORTED', 'RETURNED')")),
        Index("ix_action_case_id", "case_id"),
        # What one agency has to do, and what waits for a second person of an area, whatever others have.
        Index("ix_action_owner", "owner_agency", "sort_at", postgresql_where=text("state = 'OPEN'")),
        Index("ix_action_to_review", "area", postgresql_where=text("state IN ('REPORTED', 'RETURNED')")),
        Index(
            "uq_action_open_duty",
            "case_id",
            "duty",
            "about",
            unique=True,
            # A follow-up is left out: UNIQUE(follows_id) already lets an action be followed once.
            postgresql_where=text("state IN ('PLANNED', 'OPEN') AND duty IS NOT NULL AND follows_id IS NULL"),
            postgresql_nulls_not_distinct=True,  # a duty about no need in particular is open once, too
        ),
        UniqueConstraint("follows_id"),
        CheckConstraint("follows_id <> id", name="follows_another"),
        Index("ix_action_cover_id", "cover_id", postgresql_where=text("cover_id IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))
    duty: Mapped[str | None]
    about: Mapped[NeedKind | None]
    approach: Mapped[Approach | None]
    forums: Mapped[list[str]] = mapped_column(ARRAY(Text))
    what: Mapped[str]
    recipient: Mapped[str | None]
    recipient_agency: Mapped[str | None]
    done_when: Mapped[str]
    owner_agency: Mapped[str | None]
    owner_role: Mapped[Role]
    cover_id: Mapped[str | None] = mapped_column(ForeignKey("cover.id"))
    # The London date on which a planned action opens; it stays on record afterwards.
    opens_on: Mapped[date | None]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    # The instant from which it is late, so that dates and instants sort together and overdue is one comparison.
    sort_at: Mapped[datetime]
    life_safety: Mapped[bool]
    reaches_victim: Mapped[bool]
    repeats_every: Mapped[str | None]
    again_within: Mapped[str | None]
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("action.id"))
    state: Mapped[ActionState]
    outcome: Mapped[ActionOutcome | None]
    last_reviewed_at: Mapped[datetime | None]
    # It counts deadlines and stands on the timers; `version` counts changes and is the ETag.
    due_version: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime]
    cover: Mapped["Cover | None"] = relationship()


class Report(Guarded, Base):
    """What its owner, or whoever covers, reports of an action.

    A second person reviews it by a London date; without one it ended the action.
    """

    __tablename__ = "action_report"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        UniqueConstraint("id", "reported_by"),
        CheckConstraint("(outcome = 'SUPERSEDED') = (superseded_by IS NOT NULL)", name="superseded_names_by_what"),
        CheckConstraint("outcome = 'COMPLETED' OR review_by IS NOT NULL", name="all_but_done_is_reviewed"),
        Index("ix_action_report_action_id", "action_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"))
    outcome: Mapped[ActionOutcome]
    superseded_by: Mapped[str | None] = mapped_column(ForeignKey("action.id"))
    note: Mapped[str]
    reported_by: Mapped[str]
    reported_at: Mapped[datetime]
    review_by: Mapped[date | None]


class Review(Guarded, Base):
    """A second person's review. The database itself refuses a review of one's own report."""

    __tablename__ = "action_review"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        CheckConstraint("reported_by IS NULL OR is_second_person(reviewed_by, reported_by)", name="second_person"),
        CheckConstraint("(report_id IS NULL) = (reported_by IS NULL)", name="reporter_of_the_report"),
        Index("ix_action_review_action_id", "action_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"))
    report_id: Mapped[str | None] = mapped_column(ForeignKey("action_report.id"))
    # A copy of the report's own field: a CHECK constraint compares columns of one row only.
    reported_by: Mapped[str | None]
    verdict: Mapped[ReviewVerdict]
    note: Mapped[str]
    reviewed_by: Mapped[str]
    reviewed_at: Mapped[datetime]


class Change(Guarded, Base):
    """A change of an action on record: its owner, lead, cover, recipient or words, with the reason."""

    __tablename__ = "action_change"
    __guards__ = APPEND_ONLY
    __table_args__ = (Index("ix_action_change_action_id", "action_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"))
    what: Mapped[ChangeKind]
    was: Mapped[str]
    became: Mapped[str]
    reason: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class Cover(Guarded, Base):
    """An owner is away from one London date to another, both included, and another post answers meanwhile.

    `owner_account` is who is away and `cover_account` who answers, each as `AGENCY/name`.
    The owner stays the owner. The cover says who is reminded and who may report (DHR "Jean" 14.3.12, D45).
    """

    __tablename__ = "cover"
    __guards__ = Guards(update="begun_at, ended_at")
    __table_args__ = (
        CheckConstraint("away_from <= away_until", name="ends_after_it_begins"),
        CheckConstraint("(owner_agency, owner_role) <> (cover_agency, cover_role)", name="by_another_post"),
        CheckConstraint("is_second_person(cover_account, owner_account)", name="second_person"),
        Index(
            "ix_cover_not_ended",
            "area",
            "owner_agency",
            "owner_role",
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    owner_agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    owner_role: Mapped[Role]
    owner_account: Mapped[str]
    away_from: Mapped[date]
    away_until: Mapped[date]
    cover_agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    cover_role: Mapped[Role]
    cover_account: Mapped[str]
    reason: Mapped[str]
    arranged_by: Mapped[str]
    arranged_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
