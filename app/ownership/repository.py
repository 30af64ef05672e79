"""The queries for needs, their cases, ownership periods, overrides and endings."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.foundation.errors import Unavailable
from app.ownership.models import CaseNeed, Ending, Need, Override, Ownership, Proposal
from app.referrals.models import Case
from app.vocabulary import EndReason, Forum, NeedKind

TRIES = 3  # how often to look for a need that others end and open at the same time


def insert_need_unless_open(session: Session, row: dict[str, object]) -> tuple[Need, bool]:
    """Finds or opens the need of this kind and subject, locks it, and returns it and whether this call opened it.

    Raises `Unavailable` when others end and open it at every try.
    """
    # An open need blocks the insert. If its end is committed before the select, the select finds none: try again.
    for _ in range(TRIES):
        opened = session.scalar(insert(Need).values(row).on_conflict_do_nothing().returning(Need.id))
        # Locked also when it is found: two reports about one person ask their forums one after the other.
        need = session.scalar(
            _of_subject(str(row["kind"]), str(row["subject_ref"]), str(row["area"]))
            .where(Need.ended_at.is_(None))
            .with_for_update()
        )
        if need is not None:
            return need, opened is not None
    raise Unavailable("this need is being ended and opened by others; send the same request again")


def link_need_to_case(session: Session, case_id: str, need_id: str) -> None:
    """Records that the need serves the case. A link that exists already stays."""
    session.execute(insert(CaseNeed).values(case_id=case_id, need_id=need_id).on_conflict_do_nothing())


def cases_for_change(session: Session, need_ids: Collection[str], *, unless_busy: bool = False) -> list[Case]:
    """Locks the cases that these needs serve, the oldest first. With `unless_busy`, cases in use are left out.

    Every caller locks cases before needs, and cases in the order of their ids, as a referral does. So one of two
    callers waits for the other, and never each for the other.
    """
    ids = select(CaseNeed.case_id).where(CaseNeed.need_id.in_(need_ids))
    locked = session.scalars(
        select(Case)
        .where(Case.id.in_(ids))
        .order_by(Case.id)
        # key_share leaves rows that only refer to the case free to be inserted meanwhile.
        .with_for_update(key_share=True, skip_locked=unless_busy)
        .execution_options(populate_existing=True)  # an object loaded before the lock may be stale
    ).all()
    return sorted(locked, key=lambda case: (case.opened_at, case.id))


def need_for_change(session: Session, need_id: str, *, unless_busy: bool = False) -> Need | None:
    """Locks the need until this transaction ends, and returns it as it stands now. Lock its cases first."""
    return session.scalar(
        select(Need)
        .where(Need.id == need_id)
        .with_for_update(skip_locked=unless_busy)
        .execution_options(populate_existing=True)
    )


def need_by_id(session: Session, need_id: str) -> Need | None:
    return session.scalar(select(Need).where(Need.id == need_id))


def open_needs_of_case(session: Session, case_id: str) -> Sequence[Need]:
    """Returns the needs of the case that have not ended."""
    return session.scalars(
        select(Need)
        .join(CaseNeed, CaseNeed.need_id == Need.id)
        .where(CaseNeed.case_id == case_id, Need.ended_at.is_(None))
        .order_by(Need.kind)
    ).all()


def newest_need(session: Session, kind: str, subject_ref: str, area: str) -> Need | None:
    """Returns the need of this kind and subject that was opened last, open or ended; of a victim, the area's."""
    return session.scalar(_of_subject(kind, subject_ref, area).order_by(Need.number.desc()).limit(1))


def _of_subject(kind: str, subject_ref: str, area: str) -> Select[Need]:
    """Returns the needs of a perpetrator, whom one service manages wherever, or those of a victim in one area."""
    of_subject = select(Need).where(Need.kind == kind, Need.subject_ref == subject_ref)
    return of_subject.where(Need.area == area) if kind == NeedKind.VICTIM_SAFETY else of_subject


def need_ended_by_death(session: Session, refs: Collection[str]) -> Need | None:
    """Returns the need that ended because the person with these pseudonyms died. None while no death is on record."""
    return session.scalar(
        select(Need)
        .where(Need.subject_ref.in_(refs), Need.end_reason == EndReason.DECEASED)
        .order_by(Need.number)
        .limit(1)
    )


def open_needs_of_person(session: Session, refs: Collection[str]) -> Sequence[Need]:
    """Returns the open needs of the person with these pseudonyms, in whichever area and role, the oldest first."""
    of_person = (Need.subject_ref.in_(refs), Need.ended_at.is_(None))
    return session.scalars(select(Need).where(*of_person).order_by(Need.number)).all()


def needs_of_case(session: Session, case_id: str) -> Sequence[Need]:
    """Returns every need of the case, open or ended, in the order in which they were opened."""
    return session.scalars(
        select(Need)
        .join(CaseNeed, CaseNeed.need_id == Need.id)
        .where(CaseNeed.case_id == case_id)
        .order_by(Need.number)
    ).all()


def cases_of_need(session: Session, need_id: str) -> Sequence[str]:
    """Returns the ids of the cases that the need serves, the oldest first."""
    return session.scalars(
        select(CaseNeed.case_id)
        .join(Case, Case.id == CaseNeed.case_id)
        .where(CaseNeed.need_id == need_id)
        .order_by(Case.opened_at, Case.id)
    ).all()


def current_ownership(session: Session, need: Need) -> Ownership:
    """Returns the span of the one accepted owner. PostgreSQL guarantees that an open need has exactly one."""
    return session.scalars(
        select(Ownership).where(Ownership.need_number == need.number, func.upper_inf(Ownership.during))
    ).one()


def is_owned_by(session: Session, case_id: str, kind: NeedKind, forum: Forum) -> bool:
    """Returns whether the forum owns the open need of this kind of the case."""
    owned = (
        select(Ownership.id)
        .join(Need, Need.number == Ownership.need_number)
        .join(CaseNeed, CaseNeed.need_id == Need.id)
        .where(CaseNeed.case_id == case_id, Need.kind == kind, Need.ended_at.is_(None))
        .where(Ownership.forum == forum, func.upper_inf(Ownership.during))
    )
    return session.scalar(owned.limit(1)) is not None


def ownership_spans(session: Session, need: Need) -> Sequence[Ownership]:
    """Returns every span of the need, the earliest first.

    A span that ended as it began is empty and has no lower bound.
    """
    return session.scalars(
        select(Ownership)
        .where(Ownership.need_number == need.number)
        .order_by(func.lower(Ownership.during).nulls_first())
    ).all()


def override_of_proposal(session: Session, proposal_id: str) -> Override | None:
    return session.scalar(select(Override).where(Override.proposal_id == proposal_id))


def overrides_of_need(session: Session, need_id: str) -> Sequence[Override]:
    """Returns the decisions of chairs against the order or against a decline, the earliest first."""
    return session.scalars(
        select(Override).where(Override.need_id == need_id).order_by(Override.overridden_at, Override.id)
    ).all()


def ending_of_need(session: Session, need_id: str) -> Ending | None:
    return session.scalar(select(Ending).where(Ending.need_id == need_id))


def is_on_record(session: Session, some_id: str) -> bool:
    """Returns whether a need, a proposal or a case has this id."""
    return any(
        session.scalar(select(column).where(column == some_id)) is not None
        for column in (Need.id, Proposal.id, Case.id)
    )
