"""Plan actions and minutes as responses."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.actions.api.presenters import action_history_out
from app.actions.models import Action
from app.foundation.caller import Caller
from app.meetings.presenters.shared_research import shared_research_out
from app.meetings.record_models import Minutes, PlanAction
from app.meetings.repositories import case_repository, listing_repository
from app.meetings.sitting.minutes import is_late
from app.meetings.sitting_schemas import CaseMinutesOut, MinutesOut, PlanActionOut


def plan_action_out(session: Session, row: PlanAction, action: Action, now: datetime, reader: Caller) -> PlanActionOut:
    """Returns an action of the plan with its history."""
    history = action_history_out(session, action, now, reader)
    return PlanActionOut(**_stored(PlanActionOut, row, "action"), action=history)


def minutes_out(session: Session, row: Minutes) -> MinutesOut:
    """Returns the minutes as they were sent, whether they were late, and the research that was shared on each case."""
    stored = _stored(MinutesOut, row, "sent_to", "late", "cases")
    return MinutesOut(**stored, sent_to=row.agencies, late=is_late(row), cases=_case_minutes(session, row.meeting_id))


def _case_minutes(session: Session, meeting_id: str) -> list[CaseMinutesOut]:
    ids = [listing.case_id for listing in listing_repository.listings_of_meeting(session, meeting_id)]
    cases, shared = case_repository.cases_by_id(session, ids), shared_research_out(session, meeting_id, ids)
    return [
        CaseMinutesOut(case_reference=cases[one].reference, shared_research=shared[one]) for one in ids if one in cases
    ]


def _stored(shape: type[BaseModel], row: PlanAction | Minutes, *computed: str) -> dict[str, object]:
    """Returns the fields of the response that the row itself holds: all except the computed ones."""
    return {name: getattr(row, name) for name in shape.model_fields if name not in computed}
