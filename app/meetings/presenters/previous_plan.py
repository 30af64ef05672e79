"""The plan of a case's last hearing and what became of each action, as a response."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.recording.repeated_failures import has_failed
from app.foundation.clock import london_instant
from app.meetings.agenda_response_schemas import PlannedActionOut, PreviousPlanOut
from app.meetings.models import Discharge
from app.meetings.repositories import case_action_repository, case_repository, listing_repository
from app.referrals.models import Case
from app.vocabulary import Forum


def previous_plan_out(
    session: Session, case: Case, forum: Forum, before: date, now: datetime
) -> PreviousPlanOut | None:
    """Returns the plan of the last hearing before a day, each action with its outcome.

    None when there was no hearing.
    """
    heard_on = listing_repository.last_heard_before(session, case.id, forum, before)
    if heard_on is None:
        return None
    discharge = _first_discharge_since(session, case, heard_on)
    until = discharge.discharged_at if discharge else _listed_again_at(session, case, forum) or now
    actions = case_action_repository.actions_set_until(session, case.id, until)
    reports = case_action_repository.last_reports(session, [action.id for action in actions])
    notes = {action_id: report.note for action_id, report in reports.items()}
    return PreviousPlanOut(
        case_id=case.id,
        heard_on=heard_on,
        discharged_at=discharge.discharged_at if discharge else None,
        plan=discharge.plan if discharge else None,
        actions=[_planned_action_out(action, notes.get(action.id), now) for action in actions],
    )


def _first_discharge_since(session: Session, case: Case, day: date) -> Discharge | None:
    since = london_instant(day, 0)
    discharges = case_repository.discharges_of(session, case.id)
    return next((row for row in discharges if row.discharged_at >= since), None)


def _listed_again_at(session: Session, case: Case, forum: Forum) -> datetime | None:
    """Returns when the case was listed for its next hearing; actions set later belong to that hearing's plan."""
    waiting = listing_repository.listing_ahead(session, case.id, forum)
    return waiting[0].listed_at if waiting else None


def _planned_action_out(action: Action, reported: str | None, now: datetime) -> PlannedActionOut:
    return PlannedActionOut(
        action_id=action.id,
        what=action.what,
        owner_agency=action.owner_agency,
        owner_role=action.owner_role,
        due_on=action.due_on,
        state=action.state,
        outcome=action.outcome,
        reported=reported,
        failed=has_failed(action, now),
    )
