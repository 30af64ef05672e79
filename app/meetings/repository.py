"""Every query of the meetings room."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.meetings.models import Discharge, Listing, Meeting


def insert_meeting_unless_there(session: Session, row: dict[str, object]) -> None:
    session.execute(insert(Meeting).values(row).on_conflict_do_nothing())


def meeting_on(session: Session, area: str, forum: str, held_on: date) -> Meeting:
    return session.scalars(select(Meeting).filter_by(area=area, forum=forum, held_on=held_on)).one()


def meetings_from(session: Session, area: str, forum: str, on: date) -> Sequence[Meeting]:
    """The area's meetings not yet held, the soonest first."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.area == area, Meeting.forum == forum, Meeting.held_on >= on)
        .order_by(Meeting.held_on)
        .limit(50)
    ).all()


def list_meetings(session: Session, areas: frozenset[str], since: date | None) -> Sequence[Meeting]:
    query = select(Meeting).where(Meeting.area.in_(areas)).order_by(Meeting.held_on, Meeting.id).limit(200)
    return session.scalars(query.where(Meeting.held_on >= since) if since else query).all()


def list_case_unless_listed(session: Session, row: dict[str, object]) -> None:
    """The case is on that meeting's list after this, once."""
    session.execute(insert(Listing).values(row).on_conflict_do_nothing())


def listing_ahead(session: Session, case_id: str, forum: str) -> tuple[Listing, Meeting] | None:
    """Where the case waits to be heard, or None."""
    found = session.execute(
        select(Listing, Meeting)
        .join(Meeting, Meeting.id == Listing.meeting_id)
        .where(Listing.case_id == case_id, Listing.forum == forum, Listing.heard_on.is_(None))
        .order_by(Meeting.held_on)
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def last_heard_on(session: Session, case_id: str, forum: str) -> date | None:
    return session.scalar(
        select(Listing.heard_on)
        .where(Listing.case_id == case_id, Listing.forum == forum, Listing.heard_on.is_not(None))
        .order_by(Listing.heard_on.desc())
        .limit(1)
    )


def listing_of(session: Session, case_id: str, meeting_id: str) -> Listing | None:
    return session.scalar(
        select(Listing).where(Listing.case_id == case_id, Listing.meeting_id == meeting_id).with_for_update()
    )


def discharges_of(session: Session, case_id: str) -> Sequence[Discharge]:
    return session.scalars(
        select(Discharge).where(Discharge.case_id == case_id).order_by(Discharge.discharged_at)
    ).all()
