"""The queries of the lists: where a case waits, and where it was heard."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.meetings.models import Discharge, Listing, Meeting
from app.ownership.models import Proposal
from app.referrals.models import Case, Incident


def list_case_unless_listed(session: Session, row: dict[str, object]) -> None:
    """The case is on that meeting's list after this, once."""
    session.execute(insert(Listing).values(row).on_conflict_do_nothing())


def listing_ahead(session: Session, case_id: str, forum: str) -> tuple[Listing, Meeting] | None:
    """Where the case waits to be heard, or None. A meeting that passed without hearing it still counts: it waits."""
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


def listings_without_meeting(session: Session, area: str, forum: str) -> Sequence[Listing]:
    """Cases that wait for this forum while its calendar was empty, the longest waiting first."""
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
    """Where the case waits for a forum that has no meeting it can make."""
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
    """The list, in the order in which cases came on it."""
    return session.scalars(
        select(Listing)
        .where(Listing.meeting_id == meeting_id, Listing.left_on.is_(None))
        .order_by(Listing.listed_at, Listing.id)
    ).all()


def was_heard_in(session: Session, case_id: str, forum: str, area: str) -> bool:
    """Whether this area's forum has heard the case."""
    heard = select(Listing.id).where(
        Listing.case_id == case_id,
        Listing.forum == forum,
        Listing.area == area,
        Listing.heard_on.is_not(None),
    )
    return session.scalar(heard.limit(1)) is not None


def leave_lists(session: Session, case_id: str, area: str, on: date) -> None:
    """The case waits on no list of this area any more; where it waited stays on record."""
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


def last_heard_on(session: Session, case_id: str, forum: str) -> date | None:
    return session.scalar(
        select(Listing.heard_on)
        .where(Listing.case_id == case_id, Listing.forum == forum, Listing.heard_on.is_not(None))
        .order_by(Listing.heard_on.desc())
        .limit(1)
    )


def last_heard_before(session: Session, case_id: str, forum: str, before: date) -> date | None:
    """The day of the last hearing before a day."""
    return session.scalar(
        select(func.max(Listing.heard_on)).where(
            Listing.case_id == case_id, Listing.forum == forum, Listing.heard_on < before
        )
    )


def listing_of(session: Session, case_id: str, meeting_id: str) -> Listing | None:
    return session.scalar(
        select(Listing)
        .where(Listing.case_id == case_id, Listing.meeting_id == meeting_id, Listing.left_on.is_(None))
        .with_for_update()
    )


def move_listing(session: Session, listing: Listing, meeting_id: str) -> None:
    session.execute(update(Listing).where(Listing.id == listing.id).values(meeting_id=meeting_id))


def discharges_of(session: Session, case_id: str) -> Sequence[Discharge]:
    return session.scalars(
        select(Discharge).where(Discharge.case_id == case_id).order_by(Discharge.discharged_at)
    ).all()


def incidents_arriving(session: Session, case: Case, now: datetime) -> Sequence[Incident]:
    """The incidents between these two people that this very request put on record."""
    return session.scalars(
        select(Incident).where(
            Incident.case_id == case.id,
            Incident.recorded_at == now,
            Incident.victim_ref == case.victim_ref,
            or_(Incident.perpetrator_ref == case.perpetrator_ref, Incident.perpetrator_ref.is_(None)),
        )
    ).all()


def count_incidents_since(session: Session, case: Case, since: datetime) -> int:
    """How many incidents between these two people came on record after an instant."""
    counted = select(func.count()).where(
        Incident.case_id == case.id,
        Incident.recorded_at > since,
        Incident.victim_ref == case.victim_ref,
    )
    return session.scalar(counted) or 0


def case_seen_by(session: Session, case_id: str) -> bool:
    """Whether the caller's own rows show this case: itself, or something of it that names the caller's agency."""
    kinds = (Case.id, Listing.case_id, Action.case_id, Proposal.case_id)
    return any(session.scalar(select(kind).where(kind == case_id).limit(1)) is not None for kind in kinds)
