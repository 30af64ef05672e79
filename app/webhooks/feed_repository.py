"""The event feed: the same envelopes as the calls, for partners who cannot be called and for nightly checks.

An event's number is given when it is written, not when it commits, so a reader that remembers numbers could pass an
event whose transaction is still open. Positions in the feed are given after the commit, by one transaction at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.foundation.storage.locks import take_turn
from app.outbox.models import Event
from app.webhooks.models import FeedEntry

KEPT_FOR = timedelta(days=30)
# By number among what is committed: an event that commits later gets a later place, whatever its number.
_PLACE = text("""
    WITH top AS (SELECT coalesce(max(position), 0) AS position FROM feed_entry),
    unplaced AS (
        SELECT event_id, row_number() OVER (ORDER BY event_number) AS step
        FROM (SELECT event_id, event_number FROM feed_entry WHERE position IS NULL
              ORDER BY event_number LIMIT :most) AS waiting
    )
    UPDATE feed_entry f SET position = top.position + unplaced.step
    FROM unplaced, top WHERE f.event_id = unplaced.event_id
    RETURNING f.event_id
""")


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event's bytes and its position."""

    event_id: str
    position: int
    body: bytes


def place_new_events(session: Session, most: int = 1000) -> int:
    """Gives committed events their positions and returns how many there were.

    The lock lasts until this transaction ends: the next one must see these positions before it gives further ones.
    """
    take_turn(session, "feed places")
    return len(session.execute(_PLACE, {"most": most}).all())


def position_of(session: Session, event_id: str) -> int | None:
    """Returns the position of an event that this caller may see, or None."""
    return session.scalar(
        select(FeedEntry.position).join(Event, Event.id == FeedEntry.event_id).where(Event.id == event_id)
    )


def read_feed(session: Session, after: int, types: Sequence[str], limit: int, now: datetime) -> list[FeedEvent]:
    """Returns the next events after a position that row security shows this caller, oldest first, thirty days back."""
    # A caller's positions have gaps: row security hides the events that lie between.
    query = (
        select(Event.id, FeedEntry.position, Event.body)
        .join(Event, Event.id == FeedEntry.event_id)
        .where(FeedEntry.position > after, Event.occurred_at > now - KEPT_FOR)
        .order_by(FeedEntry.position)
        .limit(limit)
    )
    if types:
        query = query.where(Event.type.in_(types))
    return [FeedEvent(event_id, position or 0, body) for event_id, position, body in session.execute(query)]
