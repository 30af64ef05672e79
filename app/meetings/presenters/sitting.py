"""Plan actions and minutes as responses."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.actions.api.presenters import action_history_out
from app.actions.models import Action
from app.meetings.record_models import Minutes, PlanAction
from app.meetings.sitting.minutes import is_late
from app.meetings.sitting_schemas import MinutesOut, PlanActionOut


def plan_action_out(session: Session, row: PlanAction, action: Action, now: datetime) -> PlanActionOut:
    """Returns an action of the plan with its history."""
    history = action_history_out(session, action, now)
    return PlanActionOut(**_stored(PlanActionOut, row, "action"), action=history)


def minutes_out(row: Minutes) -> MinutesOut:
    """Returns the minutes as they were sent, and whether they were late."""
    return MinutesOut(**_stored(MinutesOut, row, "sent_to", "late"), sent_to=row.agencies, late=is_late(row))


def _stored(shape: type[BaseModel], row: PlanAction | Minutes, *computed: str) -> dict[str, object]:
    """Returns the fields of the response that the row itself holds: all except the computed ones."""
    return {name: getattr(row, name) for name in shape.model_fields if name not in computed}
