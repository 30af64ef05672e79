"""The queries of the replay: which reminders went out and what was decided between two steps."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.outbox.models import Event
from app.referrals.models import Case, Decision
from app.vocabulary import EventType


def events_between(
    session: Session, area: str, kinds: Collection[EventType], since: datetime, until: datetime
) -> Sequence[Event]:
    """Returns the area's events of these types after `since` and up to `until`."""
    return session.scalars(
        select(Event).where(
            Event.area == area,
            Event.type.in_(kinds),
            Event.occurred_at > since,
            Event.occurred_at <= until,
        )
    ).all()


def decisions_between(session: Session, area: str, since: datetime, until: datetime) -> Sequence[str]:
    """Returns the ids of the decisions on the area's cases after `since` and up to `until`, in their order."""
    of_area = select(Decision.id).join(Case, Case.id == Decision.case_id).where(Case.area == area)
    between = of_area.where(Decision.decided_at > since, Decision.decided_at <= until)
    return session.scalars(between.order_by(Decision.number)).all()
