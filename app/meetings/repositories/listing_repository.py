"""The queries of the lists: where a case waits, and where it was heard."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.meetings.models import Deferral, Listing, Meeting

NOT_HEARD = "The meeting passed without a record that it heard the case, and the case has still to be heard"


def insert_listing_unless_there(session: Session, row: dict[str, object]) -> None:
    """Puts the case on that meeting's list once."""
    session.execute(insert(Listing).values(row).on_conflict_do_nothing())


def listing_ahead(session: Session, case_id: str, forum: str) -> tuple[Listing, Meeting] | None:
    """Returns where the case waits to be heard, or None.

    A meeting that passed without hearing the case still counts.
    """
    found = session.execute(
        select(Listing, Meeting)
        .join(Meeting, Meeting.id == Listing.meeting_id)
        .where(
            Listing.case_id == case_id,
            Listing.forum == forum,
            Listing.heard_on.is_(None),
            Listing.left_on.is_(None),
        )
        .order_by(Meeting.held_on)
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def next_hearing_among(session: Session, case_ids: Collection[str], forum: str, today: date) -> date | None:
    """Returns the first day from today on which the forum is to hear one of these cases."""
    return session.scalar(
        select(func.min(Meeting.held_on))
        .join(Listing, Listing.meeting_id == Meeting.id)
        .where(
            Listing.case_id.in_(case_ids),
            Listing.forum == forum,
            Listing.heard_on.is_(None),
            Listing.left_on.is_(None),
            Meeting.held_on >= today,
        )
    )


def waits_for_forum(session: Session, case_id: str, forum: str) -> bool:
    """Returns whether the case waits to be heard, on a meeting's list or for a meeting to be set."""
    waiting = select(Listing.id).where(
        Listing.case_id == case_id, Listing.forum == forum, Listing.heard_on.is_(None), Listing.left_on.is_(None)
    )
    return session.scalar(waiting.limit(1)) is not None


def waits_for_hearing(session: Session, case_ids: Collection[str]) -> bool:
    """Returns whether one of these cases is on a list, or waits for a meeting to be set."""
    waiting = select(Listing.id).where(
        Listing.case_id.in_(case_ids), Listing.heard_on.is_(None), Listing.left_on.is_(None)
    )
    return session.scalar(waiting.limit(1)) is not None


def listings_without_meeting(session: Session, area: str, forum: str) -> Sequence[Listing]:
    """Returns the cases that wait while this forum's calendar is empty, longest waiting first, locked for change."""
    # Two requests may fill the calendar at once. The second waits here and then sees the cases as placed.
    return session.scalars(
        select(Listing)
        .where(
            Listing.area == area,
            Listing.forum == forum,
            Listing.meeting_id.is_(None),
            Listing.left_on.is_(None),
        )
        .order_by(Listing.listed_at)
        .with_for_update()
    ).all()


def unplaced_listing(session: Session, case_id: str, forum: str) -> Listing | None:
    """Returns the listing of a case that waits for a forum without a meeting it can make, locked for change."""
    return session.scalar(
        select(Listing)
        .where(
            Listing.case_id == case_id,
            Listing.forum == forum,
            Listing.meeting_id.is_(None),
            Listing.left_on.is_(None),
        )
        .with_for_update()
    )


def listings_of_meeting(session: Session, meeting_id: str) -> Sequence[Listing]:
    """Returns the list, in the order in which cases were listed."""
    return session.scalars(
        select(Listing)
        .where(Listing.meeting_id == meeting_id, Listing.left_on.is_(None))
        .order_by(Listing.listed_at, Listing.id)
    ).all()


def listings_of_case(session: Session, case_id: str, forum: str) -> Sequence[Listing]:
    """Returns every listing of the case for this forum, the oldest first."""
    return session.scalars(
        select(Listing)
        .where(Listing.case_id == case_id, Listing.forum == forum)
        .order_by(Listing.listed_at, Listing.id)
    ).all()


def last_heard_in(session: Session, case_id: str, forum: str, area: str) -> datetime | None:
    """Returns the instant at which this area's forum last heard the case."""
    return session.scalar(
        select(func.max(Listing.heard_at)).where(
            Listing.case_id == case_id, Listing.forum == forum, Listing.area == area
        )
    )


def leave_lists(session: Session, case_id: str, area: str, on: date) -> None:
    """Takes the case off every list of this area on which it waits. The listings stay on record."""
    session.execute(
        update(Listing)
        .where(
            Listing.case_id == case_id,
            Listing.area == area,
            Listing.heard_on.is_(None),
            Listing.left_on.is_(None),
        )
        .values(left_on=on)
    )


def leave_lists_of_forum(session: Session, case_ids: Collection[str], forum: str, on: date) -> None:
    """Takes the cases off every list of this forum on which they wait. The listings stay on record."""
    session.execute(
        update(Listing)
        .where(
            Listing.case_id.in_(case_ids),
            Listing.forum == forum,
            Listing.heard_on.is_(None),
            Listing.left_on.is_(None),
        )
        .values(left_on=on)
    )


def last_heard_on(session: Session, case_id: str, forum: str) -> date | None:
    """Returns the day of the last hearing of the case."""
    return session.scalar(
        select(Listing.heard_on)
        .where(Listing.case_id == case_id, Listing.forum == forum, Listing.heard_on.is_not(None))
        .order_by(Listing.heard_on.desc())
        .limit(1)
    )


def last_heard_before(session: Session, case_id: str, forum: str, before: date) -> date | None:
    """Returns the day of the last hearing before a day."""
    return session.scalar(
        select(func.max(Listing.heard_on)).where(
            Listing.case_id == case_id, Listing.forum == forum, Listing.heard_on < before
        )
    )


def listing_for_change(session: Session, case_id: str, meeting_id: str) -> Listing | None:
    """Returns the case's listing for that meeting, locked for change."""
    return session.scalar(
        select(Listing)
        .where(Listing.case_id == case_id, Listing.meeting_id == meeting_id, Listing.left_on.is_(None))
        .with_for_update()
    )


def moved_unheard_from(session: Session, case_id: str, meeting_id: str) -> Listing | None:
    """Returns the listing that left the meeting because no hearing was on record; None when the case did not."""
    return session.scalar(
        select(Listing)
        .join(Deferral, Deferral.listing_id == Listing.id)
        .where(Deferral.case_id == case_id, Deferral.from_meeting_id == meeting_id, Deferral.reason == NOT_HEARD)
        .limit(1)
    )


def move_listing(session: Session, listing: Listing, meeting_id: str | None) -> None:
    """Puts the case on the list of another meeting; None: it waits until one is set."""
    session.execute(update(Listing).where(Listing.id == listing.id).values(meeting_id=meeting_id))


def cases_heard_between(session: Session, area: str, forum: str, since: date, until: date) -> set[str]:
    """Returns the cases that the forum heard between two days, both included."""
    return set(
        session.scalars(
            select(Listing.case_id)
            .where(Listing.area == area, Listing.forum == forum, Listing.heard_on.between(since, until))
            .distinct()
        )
    )
