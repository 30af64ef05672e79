"""The queries for work items: what a person must deal with because delivery cannot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.foundation.storage.asked_rows import AskedPart, OrderedBy, band_of, rows_in_order
from app.webhooks.models import WorkItem
from app.webhooks.vocabulary import WorkKind

# One row for each event and agency: an agency with two endpoints has the reminder when either of them has taken it.
_UNDELIVERED_REMINDERS = text("""
    SELECT DISTINCT ON (d.event_id, d.agency) d.id AS delivery_id, d.endpoint_id, d.agency, d.event_id,
        n.subject_type, n.subject_id, n.case_id, n.area, d.reason
    FROM delivery d JOIN event n ON n.id = d.event_id
    WHERE d.must_arrive AND d.state IN ('pending', 'leased', 'exhausted', 'poison') AND d.created_at <= :since
        AND NOT EXISTS (SELECT FROM delivery other WHERE other.event_id = d.event_id AND other.agency = d.agency
            AND other.state = 'done')
        AND NOT EXISTS (SELECT FROM work_item w WHERE w.dedupe_key = 'undelivered:' || d.event_id || ':' || d.agency)
    ORDER BY d.event_id, d.agency, d.number LIMIT 1000
""")
# Joined to the event, because a work item names what it is about and a delivery does not.
_DELIVERIES = text("""
    SELECT d.id AS delivery_id, d.endpoint_id, d.agency, d.event_id, n.subject_type, n.subject_id, n.case_id, n.area
    FROM delivery d JOIN event n ON n.id = d.event_id WHERE d.id = ANY (:ids) AND NOT d.direct
""")
# The failing endpoint's own contact, and the contacts that the area's co-ordinator has registered.
_UNMAILED = text("""
    SELECT w.id, w.kind, w.area, w.subject_type, w.subject_id, w.endpoint_id, array_agg(DISTINCT e.contact) AS contacts
    FROM work_item w
    JOIN webhook_endpoint e ON e.contact IS NOT NULL AND (e.id = w.endpoint_id OR e.agency IN (
        SELECT p.agency FROM post p WHERE p.area = w.area AND p.role = w.owner_role))
    WHERE w.mailed_at IS NULL AND w.closed_at IS NULL
    GROUP BY w.id ORDER BY min(w.opened_at) LIMIT 100
""")
# What no endpoint of its agency hears, of a post that has an address: a reminder, or what asks the post for something.
# A reminder that tells several posts in one event was written before the address was registered: the mail of one would
# close it for the others.
_REMINDERS_TO_MAIL = text("""
    SELECT w.id, w.event_id, w.area, b.role, n.body, b.address
    FROM work_item w
    JOIN event n ON n.id = w.event_id
    LEFT JOIN reminder_message m ON m.event_id = w.event_id
    JOIN post_mailbox b ON b.area = w.area AND b.role = coalesce(w.asked_role, m.role)
        AND b.agency = coalesce(m.agency, w.agencies[1])
    WHERE w.kind = 'no_live_endpoint' AND w.closed_at IS NULL
        AND NOT EXISTS (SELECT FROM reminder_message other WHERE other.event_id = m.event_id AND other.id <> m.id)
    ORDER BY n.priority, n.number LIMIT 100
""")


def work_items_to_close(part: AskedPart) -> list[WorkItem]:
    """Returns the open items of the desk's areas, the longest waiting first."""
    desk = part.desk
    query = select(WorkItem).where(
        WorkItem.closed_at.is_(None),
        WorkItem.area.in_(desk.stands_in if desk.area is None else desk.stands_in & {desk.area}),
        *([WorkItem.owner_role == desk.role] if desk.role is not None else []),
    )
    by = OrderedBy(band_of(came_back=True), WorkItem.opened_at, WorkItem.id)
    return rows_in_order(part, query, by, lambda item: item)


def work_item_for_change(session: Session, item_id: str) -> WorkItem | None:
    """Returns the item, locked: of two people who close it at once, one is told that it is closed."""
    return session.scalar(select(WorkItem).where(WorkItem.id == item_id).with_for_update())


def add_work_item(session: Session, row: dict[str, Any]) -> None:
    """Stores the item; one with the same `dedupe_key` stays as it is, so workers that see one fault open one item."""
    session.flush()
    session.execute(insert(WorkItem).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"]))


def undelivered_reminders(session: Session, since: datetime) -> Sequence[RowMapping]:
    """Returns reminders made up to `since` that no endpoint of their agency has taken and that have no item yet."""
    return session.execute(_UNDELIVERED_REMINDERS, {"since": since}).mappings().all()


def deliveries_for_items(session: Session, delivery_ids: Sequence[str]) -> Sequence[RowMapping]:
    """Returns what an item says of each delivery.

    Verifications and tests are left out, for their requester watches them.
    """
    return session.execute(_DELIVERIES, {"ids": list(delivery_ids)}).mappings().all()


def close_items_of_endpoint(session: Session, endpoint_id: str, by: str, now: datetime) -> None:
    """Closes the endpoint's open items about a pause or a refusing receiver."""
    session.execute(
        update(WorkItem)
        .where(
            WorkItem.endpoint_id == endpoint_id,
            WorkItem.kind.in_([WorkKind.ENDPOINT_PAUSED, WorkKind.RECEIVER_REFUSES]),
            WorkItem.closed_at.is_(None),
        )
        .values(closed_at=now, closed_by=by)
    )


def close_items_of_event(session: Session, event_id: str, agency: str, now: datetime) -> None:
    """Closes the open items about one event for one agency: it has been delivered after all."""
    session.execute(
        update(WorkItem)
        .where(
            WorkItem.event_id == event_id,
            WorkItem.agencies == [agency],
            WorkItem.closed_at.is_(None),
        )
        .values(closed_at=now, closed_by="delivered")
    )


def unmailed_items(session: Session) -> Sequence[RowMapping]:
    """Returns the open items that no mail was sent about, each with the contacts who get one."""
    return session.execute(_UNMAILED).mappings().all()


def reminders_to_mail(session: Session) -> Sequence[RowMapping]:
    """Returns the open items of reminders that no system hears and whose post has an address, the urgent first."""
    return session.execute(_REMINDERS_TO_MAIL).mappings().all()


def close_mailed_reminders(session: Session, item_ids: Sequence[str], now: datetime) -> None:
    """Closes the items of reminders that were handed to the relay."""
    session.execute(
        update(WorkItem)
        .where(WorkItem.id.in_(item_ids), WorkItem.closed_at.is_(None))
        .values(closed_at=now, closed_by="mailed")
    )


def mark_mailed(session: Session, item_ids: Sequence[str], now: datetime) -> None:
    session.execute(update(WorkItem).where(WorkItem.id.in_(item_ids)).values(mailed_at=now))
