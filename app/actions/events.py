"""The events of an action: who may be told, and what an event says."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions.models import Action
from app.outbox.service import EventDraft, record_event
from app.vocabulary import EventType, Role, SubjectType


def action_event(session: Session, kind: EventType, action: Action) -> EventDraft:
    """Returns the event draft: for every agency named on the action and for the area's MARAC co-ordinator."""
    coordinator = agency_in_post(session, action.area, Role.MARAC_COORDINATOR)
    due: date | datetime | None = action.due_on or action.due_at
    return EventDraft(
        type=kind,
        subject_type=SubjectType.ACTION,
        subject_id=action.id,
        area=action.area,
        agencies=(*action.agencies, coordinator),
        case_id=action.case_id,
        forums=tuple(action.forums),
        owner_agency=action.owner_agency,
        details={"duty": action.duty, "state": action.state, "outcome": action.outcome, "due": due},
    )


def record_action_event(session: Session, kind: EventType, action: Action, now: datetime) -> None:
    """Records the event in the commit of the change that it reports."""
    record_event(session, action_event(session, kind, action), now)
