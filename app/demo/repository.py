"""The query of the replay: which reminders went out between two steps."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.outbox.models import Event
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
