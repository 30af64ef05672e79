"""Actions as they are shown: their present state, and their whole history."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.victims_area import area_shown
from app.actions import repository
from app.actions.models import Action
from app.actions.response_schemas import (
    ActionHistoryOut,
    ActionOut,
    ChangeOut,
    CoveredBy,
    ReportOut,
    ReviewOut,
)
from app.actions.wording.similar import RECENT, possible_duplicates
from app.foundation.caller import Caller
from app.vocabulary import ActionState


def etag(action: Action) -> str:
    """Returns the entity tag of the action's version, for `If-Match`."""
    return f'"{action.version}"'


def action_out(action: Action, now: datetime, reader: Caller) -> ActionOut:
    """Returns the action as it stands at `now`, as far as the reader may know it."""
    late = action.sort_at <= now
    waits = action.state in {ActionState.REPORTED, ActionState.RETURNED}
    return ActionOut(
        **{name: getattr(action, name) for name in ActionOut.model_fields if hasattr(action, name)}
        | {"area": area_shown(reader, action.area)},
        covered_by=CoveredBy.model_validate(action.cover) if action.cover else None,
        overdue=late and action.state in {ActionState.OPEN, ActionState.RETURNED},
        unreviewed=waits or (late and action.state == ActionState.OPEN),
    )


def action_history_out(session: Session, action: Action, now: datetime, reader: Caller) -> ActionHistoryOut:
    """Returns the action with every report, review and change, and the actions of its case that may repeat it."""
    reports, reviews, changes = repository.history_of(session, action.id)
    others = repository.actions_like(session, action, now - RECENT)
    return ActionHistoryOut(
        **action_out(action, now, reader).model_dump(),
        reports=[ReportOut.model_validate(row) for row in reports],
        reviews=[ReviewOut.model_validate(row) for row in reviews],
        changes=[ChangeOut.model_validate(row) for row in changes],
        possible_duplicates=possible_duplicates(action, others),
    )
