"""The query of every incident that counts for two people, under one pseudonym for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.people.service import canonical_refs, refs_of_same_person
from app.referrals.crossed_roles_repository import crossed_incident, harmed_by
from app.referrals.models import (
    Case,
    Incident,
)
from app.referrals.repositories.case_repository import perpetrator_then


def related_incidents(
    session: Session, victim_ref: str, perpetrator_ref: str | None, until: datetime
) -> Sequence[Incident]:
    """Returns every incident of this victim or this perpetrator, from any force, that was on record at `until`.

    Also those in which the two have the opposite roles; a count of the couple or of either person leaves these out.
    Each person appears under one pseudonym, by the links that stood then, so that a count counts people.
    """
    victim_refs = refs_of_same_person(session, victim_ref, until)
    same_person: list[ColumnElement[bool]] = [Incident.victim_ref.in_(victim_refs)]
    if perpetrator_ref:
        perpetrator_refs = refs_of_same_person(session, perpetrator_ref, until)
        same_person.append(harmed_by(perpetrator_refs))
        same_person.append(crossed_incident(victim_refs, perpetrator_refs))
    # By when it was recorded, not by when it happened: a decision rests on what was known at its time.
    rows = session.scalars(
        select(Incident)
        .where(or_(*same_person), Incident.recorded_at <= until)
        .order_by(Incident.occurred_at, Incident.recorded_at, Incident.number)
    ).all()
    rows = _with_identified_perpetrators(session, rows, until)
    refs = {ref for row in rows for ref in (row.victim_ref, row.perpetrator_ref) if ref}
    names = canonical_refs(session, refs, {victim_ref, perpetrator_ref or victim_ref}, until)
    return [under_names(row, names) for row in rows]


def _with_identified_perpetrators(session: Session, rows: Sequence[Incident], until: datetime) -> list[Incident]:
    """Returns the incidents, those by somebody unidentified under whoever their case had identified until then."""
    unknown = {row.case_id for row in rows if row.perpetrator_ref is None}
    cases = session.scalars(select(Case).where(Case.id.in_(unknown))) if unknown else ()
    known = {case.id: perpetrator_then(case, until) for case in cases}
    return [
        _copy_of(row, row.victim_ref, known[row.case_id])
        if row.perpetrator_ref is None and known.get(row.case_id)
        else row
        for row in rows
    ]


def under_names(row: Incident, names: Mapping[str, str]) -> Incident:
    """Returns the incident with its people under these pseudonyms; one that is not in `names` stays.

    A changed incident is a copy outside the session: the stored row never changes.
    """
    victim = names.get(row.victim_ref, row.victim_ref)
    perpetrator = names.get(row.perpetrator_ref, row.perpetrator_ref) if row.perpetrator_ref else None
    if (victim, perpetrator) == (row.victim_ref, row.perpetrator_ref):
        return row
    return _copy_of(row, victim, perpetrator)


def _copy_of(row: Incident, victim: str, perpetrator: str | None) -> Incident:
    columns = {column.key: getattr(row, column.key) for column in Incident.__mapper__.column_attrs}
    return Incident(**columns | {"victim_ref": victim, "perpetrator_ref": perpetrator})
