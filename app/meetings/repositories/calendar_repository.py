"""The queries of the calendar: cycles and meetings."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from app.meetings.models import Meeting, MeetingCycle
from app.meetings.vocabulary import MeetingKind


def insert_meeting_unless_there(session: Session, row: dict[str, object]) -> None:
    """Puts the meeting in the calendar once for each area, forum and day."""
    # Workers extend cycles side by side, and a person may schedule the same day: the first row stays.
    session.execute(insert(Meeting).values(row).on_conflict_do_nothing())


def insert_cycle_unless_there(session: Session, row: dict[str, object]) -> bool:
    """Starts the cycle once for each area, forum and first day. Returns whether this call made it."""
    made = session.scalar(insert(MeetingCycle).values(row).on_conflict_do_nothing().returning(MeetingCycle.id))
    return made is not None


def cycle_by_first_day(session: Session, area: str, forum: str, first_on: date) -> MeetingCycle:
    """Returns the cycle of this forum that begins on that day."""
    return session.scalars(select(MeetingCycle).filter_by(area=area, forum=forum, first_on=first_on)).one()


def newest_cycles(session: Session) -> Sequence[MeetingCycle]:
    """Returns the cycle in use of each area and forum: the one that begins last."""
    return session.scalars(
        select(MeetingCycle)
        .ext(distinct_on(MeetingCycle.area, MeetingCycle.forum))
        .order_by(MeetingCycle.area, MeetingCycle.forum, MeetingCycle.first_on.desc())
    ).all()


def last_meeting_of_cycles(session: Session, area: str, forum: str) -> Meeting | None:
    """Returns the latest meeting that any cycle of this forum put in the calendar."""
    return session.scalar(
        select(Meeting)
        .where(Meeting.area == area, Meeting.forum == forum, Meeting.cycle_id.is_not(None))
        .order_by(Meeting.held_on.desc())
        .limit(1)
    )


def meetings_of_cycle(session: Session, cycle_id: str) -> Sequence[Meeting]:
    """Returns the meetings that the cycle put in the calendar, the earliest first."""
    return session.scalars(select(Meeting).where(Meeting.cycle_id == cycle_id).order_by(Meeting.held_on)).all()


def meeting_on(session: Session, area: str, forum: str, held_on: date) -> Meeting:
    """Returns the forum's meeting on that day."""
    return session.scalars(select(Meeting).filter_by(area=area, forum=forum, held_on=held_on)).one()


def meeting_by_id(session: Session, meeting_id: str) -> Meeting | None:
    return session.get(Meeting, meeting_id)


def meeting_before(session: Session, meeting: Meeting) -> Meeting | None:
    """Returns the forum's meeting before this one."""
    return session.scalar(
        select(Meeting)
        .where(Meeting.area == meeting.area, Meeting.forum == meeting.forum, Meeting.held_on < meeting.held_on)
        .order_by(Meeting.held_on.desc())
        .limit(1)
    )


def ordinary_meetings_from(session: Session, area: str, forum: str, on: date) -> Sequence[Meeting]:
    """Returns the forum's meetings in an area on or after a day, the soonest first, without emergency meetings."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.area == area, Meeting.forum == forum, Meeting.held_on >= on)
        .where(Meeting.kind == MeetingKind.ORDINARY)
        .order_by(Meeting.held_on)
        .limit(50)
    ).all()


def list_meetings(session: Session, areas: frozenset[str], since: date | None) -> Sequence[Meeting]:
    """Returns the meetings of these areas, from a day on when one is given; the soonest first."""
    query = select(Meeting).where(Meeting.area.in_(areas)).order_by(Meeting.held_on, Meeting.id).limit(200)
    return session.scalars(query.where(Meeting.held_on >= since) if since else query).all()
