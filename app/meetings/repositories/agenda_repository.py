"""The queries of agendas: unfinished actions, the chair's reviews, attendance and completion."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import Attendance, Completion, MeetingReview
from app.vocabulary import UNFINISHED, ActionState


def unfinished_actions(session: Session, meeting: Meeting, began_at: datetime) -> Sequence[Action]:
    """Returns the unfinished actions that the agenda shows, the earliest due first.

    They existed when the meeting began and belong to cases on its list, or to cases that this forum heard before.
    """
    cases = select(Listing.case_id).where(
        Listing.forum == meeting.forum,
        or_(Listing.meeting_id == meeting.id, Listing.heard_on.is_not(None)),
        Listing.left_on.is_(None),
    )
    return session.scalars(
        select(Action)
        .where(
            Action.area == meeting.area,
            Action.state.in_(UNFINISHED),
            Action.created_at < began_at,
            Action.case_id.in_(cases),
        )
        .order_by(Action.sort_at, Action.id)
    ).all()


def unreviewed_actions(session: Session, meeting: Meeting, began_at: datetime, ends_at: datetime) -> Sequence[Action]:
    """Returns the actions that the chair still has to review at this meeting (D40)."""
    reviewed = select(MeetingReview.action_id).where(MeetingReview.meeting_id == meeting.id)
    unfinished = [action.id for action in unfinished_actions(session, meeting, began_at)]
    return session.scalars(
        select(Action)
        .where(Action.id.in_(unfinished), _needs_review(ends_at), Action.id.not_in(reviewed))
        .order_by(Action.sort_at, Action.id)
    ).all()


def _needs_review(ends_at: datetime) -> ColumnElement[bool]:
    """Selects actions that are declined; or open and set by a meeting; or open and due by the end of the meeting's day.

    The agenda shows a duty with a deadline of its own that is not yet due, and the chair need not review it.
    """
    late_or_set_by_meeting = or_(Action.duty.is_(None), Action.sort_at <= ends_at)
    return or_(Action.state == ActionState.RETURNED, and_(Action.state == ActionState.OPEN, late_or_set_by_meeting))


def reviews_at(session: Session, meeting_id: str) -> Sequence[MeetingReview]:
    """Returns the reviews recorded at a meeting, the oldest first."""
    return session.scalars(
        select(MeetingReview).where(MeetingReview.meeting_id == meeting_id).order_by(MeetingReview.reviewed_at)
    ).all()


def completion_of(session: Session, meeting_id: str) -> Completion | None:
    """Returns the record that the meeting's agenda is done, or None."""
    return session.scalar(select(Completion).where(Completion.meeting_id == meeting_id))


def attendance_of(session: Session, meeting_id: str) -> dict[str, Attendance]:
    """Returns the newest record of each agency's part in the meeting, by agency."""
    rows = session.scalars(select(Attendance).where(Attendance.meeting_id == meeting_id).order_by(Attendance.number))
    # Oldest first, so that the newest row of an agency is the one that stays.
    return {row.agency: row for row in rows}
