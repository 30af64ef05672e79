"""The queries of cases: by id, by the people they are about, and locked for one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.people.service import refs_of_same_person
from app.referrals.models import (
    Case,
)


def case_by_id(session: Session, case_id: str) -> Case | None:
    return session.scalar(select(Case).where(Case.id == case_id))


def cases_by_ids(session: Session, case_ids: Collection[str]) -> Sequence[Case]:
    """Returns the cases of these ids that the session sees, in the order of the ids."""
    return session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)).all()


def case_of_pair(
    session: Session, area: str, victim_refs: Collection[str], perpetrator_refs: Collection[str]
) -> Case | None:
    """Returns the area's case of a victim and a perpetrator by all their pseudonyms, read without a lock."""
    return session.scalar(_case_of_pair(area, victim_refs, perpetrator_refs))


def lock_case(session: Session, case_id: str) -> None:
    """Locks the case until this transaction ends, and reads it as it is stored now."""
    locked = select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    session.scalar(locked.execution_options(populate_existing=True))


def lock_case_if_free(session: Session, case_id: str) -> Case | None:
    """Locks the case and returns it as it is stored now; None when another transaction holds it."""
    locked = select(Case).where(Case.id == case_id).with_for_update(key_share=True, skip_locked=True)
    return session.scalar(locked.execution_options(populate_existing=True))


def lock_case_of_pair(session: Session, area: str, victim_ref: str, perpetrator_ref: str) -> Case | None:
    """Locks the area's case of a victim and a perpetrator under any of their pseudonyms, and returns it."""
    victim_refs = refs_of_same_person(session, victim_ref)
    perpetrator_refs = refs_of_same_person(session, perpetrator_ref)
    # FOR NO KEY UPDATE: referrals of one case go one after another, and rows that refer to the case can be inserted.
    return session.scalar(_case_of_pair(area, victim_refs, perpetrator_refs).with_for_update(key_share=True))


def _case_of_pair(area: str, victim_refs: Collection[str], perpetrator_refs: Collection[str]) -> Select[Case]:
    """Returns where a later link shows that two cases are about the same two people, the one opened first continues.

    Only within an area: whoever names two people joins no case of another area, and learns of none.
    """
    of_pair = (Case.area == area, Case.victim_ref.in_(victim_refs), Case.perpetrator_ref.in_(perpetrator_refs))
    return select(Case).where(*of_pair).order_by(Case.opened_at, Case.id).limit(1)


def cases_of_pair(session: Session, case: Case) -> Sequence[Case]:
    """Returns every case of the same victim and perpetrator under any pseudonym, the oldest first."""
    refs = [refs_of_same_person(session, ref) for ref in (case.victim_ref, case.perpetrator_ref or "")]
    of_pair = (Case.victim_ref.in_(refs[0]), Case.perpetrator_ref.in_(refs[1]))
    return session.scalars(select(Case).where(*of_pair).order_by(Case.opened_at, Case.id)).all()


def cases_of_couple_in_other_areas(
    session: Session, area: str, victim_refs: Collection[str], perpetrator_refs: Collection[str]
) -> Sequence[str]:
    """Returns the ids of the cases that other areas have of two people, by any of these pseudonyms, oldest first."""
    couple = (Case.area != area, Case.victim_ref.in_(victim_refs), Case.perpetrator_ref.in_(perpetrator_refs))
    return session.scalars(select(Case.id).where(*couple).order_by(Case.opened_at, Case.id)).all()


def perpetrator_then(case: Case, at: datetime | None) -> str | None:
    """Returns the perpetrator of the case as it was known at an instant; None: nobody was identified yet."""
    later = at is not None and case.identified_at is not None and case.identified_at > at
    return None if later else case.perpetrator_ref


def cases_of_victim(session: Session, refs: Collection[str]) -> Sequence[Case]:
    """Returns every case of a victim by all their pseudonyms, the oldest first."""
    return session.scalars(select(Case).where(Case.victim_ref.in_(refs)).order_by(Case.opened_at, Case.id)).all()


def other_cases_of_victim(session: Session, case: Case) -> Sequence[Case]:
    """Returns the other cases of the victim of this case, under any pseudonym, the oldest first."""
    found = cases_of_victim(session, refs_of_same_person(session, case.victim_ref))
    return [other for other in found if other.id != case.id]


def insert_case_if_new(session: Session, row: Mapping[str, object]) -> None:
    """Inserts the case unless a concurrent referral has opened one for the same two people."""
    session.execute(insert(Case).values(row).on_conflict_do_nothing())
