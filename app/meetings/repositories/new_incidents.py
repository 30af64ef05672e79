"""Finds the incidents that report a new event. A report of an event that is already on record is not new."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.referrals.models import Case, Incident
from app.referrals.repositories.incident_repository import related_incidents
from app.referrals.statements.incidents import incident_facts
from app.routing.facts.events import reports_by_event


def incidents_recorded_at(session: Session, case: Case, now: datetime) -> list[Incident]:
    """Returns the new events between the case's two people that the present request recorded on the case."""
    # A request has one instant for everything it stores, so the instant identifies the request.
    return [row for row in _events_of_case(session, case, now) if row.recorded_at == now]


def has_incident_since(session: Session, case: Case, since: datetime, now: datetime) -> bool:
    """Returns whether an event between the case's two people was first recorded on the case at `since` or later."""
    return any(row.recorded_at >= since for row in _events_of_case(session, case, now))


def _events_of_case(session: Session, case: Case, now: datetime) -> list[Incident]:
    """Returns the first report of each event between the case's two people that was recorded on the case."""
    related = related_incidents(session, case.victim_ref, case.perpetrator_ref, now)
    return [
        row
        for row in _first_reports(related)
        if (row.case_id, row.victim_ref) == (case.id, case.victim_ref)
        and row.perpetrator_ref in {case.perpetrator_ref, None}
    ]


def count_incidents_since(session: Session, case: Case, since: datetime) -> int:
    """Returns how many events with the case's victim were first recorded on the case after an instant."""
    of_case = select(Incident).filter_by(case_id=case.id, victim_ref=case.victim_ref)
    return sum(row.recorded_at > since for row in _first_reports(session.scalars(of_case).all()))


def _first_reports(rows: Sequence[Incident]) -> list[Incident]:
    """Returns the first report of each event, by when it was recorded."""
    facts = [incident_facts(row) for row in rows]
    row_of = {id(report): row for report, row in zip(facts, rows, strict=True)}
    return [
        min((row_of[id(report)] for report in reports), key=lambda row: row.recorded_at)
        for reports in reports_by_event(facts)
    ]
