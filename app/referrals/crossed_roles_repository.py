"""The queries for reports in which the two people of a case have the opposite roles.

Roles belong to an incident, not to a person.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.people.service import refs_of_same_person
from app.referrals.models import Case, Incident


def harmed_by(perpetrator_refs: Collection[str]) -> ColumnElement[bool]:
    """Selects the incidents by this perpetrator, also those reported before the case said who it was."""
    identified = select(Case.id).where(Case.perpetrator_ref.in_(perpetrator_refs))
    return or_(
        Incident.perpetrator_ref.in_(perpetrator_refs),
        and_(Incident.perpetrator_ref.is_(None), Incident.case_id.in_(identified)),
    )


def crossed_incident(victim_refs: Collection[str], perpetrator_refs: Collection[str]) -> ColumnElement[bool]:
    """Selects the incidents in which this perpetrator is the victim and this victim the perpetrator."""
    return and_(Incident.victim_ref.in_(perpetrator_refs), harmed_by(victim_refs))


def crossed_cases(session: Session, case: Case) -> Sequence[Case]:
    """Returns the cases of the same two people with the opposite roles, under any pseudonym, the oldest first."""
    if case.perpetrator_ref is None:
        return ()
    victim_refs, perpetrator_refs = _refs_of(session, case)
    roles = (Case.victim_ref.in_(perpetrator_refs), Case.perpetrator_ref.in_(victim_refs))
    crossed = (*roles, Case.id != case.id)
    return session.scalars(select(Case).where(*crossed).order_by(Case.opened_at, Case.id)).all()


def is_crossed_since(session: Session, case: Case, instant: datetime) -> bool:
    """Returns whether an incident with the opposite roles was recorded after the instant."""
    if case.perpetrator_ref is None:
        return False
    crossed = (crossed_incident(*_refs_of(session, case)), Incident.recorded_at > instant)
    return session.scalar(select(select(Incident.id).where(*crossed).exists())) is True


def who_harm_victim(
    session: Session, case: Case, refs: Collection[str], until: datetime | None = None
) -> frozenset[str]:
    """Returns which of these people are said to harm the victim of the case, in this case or any other.

    Under any pseudonym of theirs or of the victim's that a link joins until then.
    """
    if not refs:
        return frozenset()
    victim_refs = refs_of_same_person(session, case.victim_ref, until)
    in_cases = select(Case.perpetrator_ref).where(Case.victim_ref.in_(victim_refs))
    in_incidents = select(Incident.perpetrator_ref).where(Incident.victim_ref.in_(victim_refs))
    if until is not None:
        in_cases = in_cases.where(or_(Case.identified_at.is_(None), Case.identified_at <= until))
        in_incidents = in_incidents.where(Incident.recorded_at <= until)
    harm = {ref for ref in session.scalars(in_cases.union(in_incidents)) if ref is not None}
    return frozenset(ref for ref in refs if harm & refs_of_same_person(session, ref, until))


def _refs_of(session: Session, case: Case) -> tuple[frozenset[str], frozenset[str]]:
    return (
        refs_of_same_person(session, case.victim_ref),
        refs_of_same_person(session, case.perpetrator_ref or ""),
    )
