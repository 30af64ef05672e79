"""The queries of agendas: unfinished actions, reviews, research, attendance, cases passing their window."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import (
    Attendance,
    Completion,
    Invitation,
    MeetingReview,
    ResearchRequest,
    ResearchReturn,
)
from app.vocabulary import ActionState

# Fulfilled by the hearing, the completion or the discharge itself; the chair does not review his own agenda items.
OF_THE_MEETING = ("D13", "D38", "D40", "D41")


def unfinished_at(session: Session, meeting: Meeting, began_at: datetime) -> Sequence[Action]:
    """Unfinished actions of this forum's cases, here or heard before, that stood when the meeting began; latest due last."""
    theirs = select(Listing.case_id).where(
        Listing.forum == meeting.forum,
        or_(Listing.meeting_id == meeting.id, Listing.heard_on.is_not(None)),
        Listing.left_on.is_(None),
    )
    return session.scalars(
        select(Action)
        .where(
            Action.area == meeting.area,
            Action.state != ActionState.REVIEWED,
            Action.created_at < began_at,
            Action.case_id.in_(theirs),
        )
        .order_by(Action.sort_at, Action.id)
    ).all()


def unreviewed_at(
    session: Session, meeting: Meeting, began_at: datetime, ends_at: datetime
) -> Sequence[Action]:
    """Those that the chair still has to review at this meeting (D40)."""
    reviewed = select(MeetingReview.action_id).where(MeetingReview.meeting_id == meeting.id)
    unfinished = [action.id for action in unfinished_at(session, meeting, began_at)]
    return session.scalars(
        select(Action)
        .where(Action.id.in_(unfinished), needs_review(ends_at), Action.id.not_in(reviewed))
        .order_by(Action.sort_at, Action.id)
    ).all()


def needs_review(ends_at: datetime) -> ColumnElement[bool]:
    """Declined; or open and set by a meeting; or open and due by the end of the meeting's day.

    A duty that runs its own clock and is not yet due is shown, and does not wait for the chair.
    """
    late_or_set = or_(Action.duty.is_(None), Action.sort_at <= ends_at)
    open_one = and_(
        Action.state == ActionState.OPEN,
        late_or_set,
        func.coalesce(Action.duty, "").not_in(OF_THE_MEETING),
    )
    return or_(Action.state == ActionState.RETURNED, open_one)


def reviews_at(session: Session, meeting_id: str) -> Sequence[MeetingReview]:
    return session.scalars(
        select(MeetingReview)
        .where(MeetingReview.meeting_id == meeting_id)
        .order_by(MeetingReview.reviewed_at)
    ).all()


def completion_of(session: Session, meeting_id: str) -> Completion | None:
    return session.scalar(select(Completion).where(Completion.meeting_id == meeting_id))


def invitations_of(session: Session, meeting_id: str) -> Sequence[Invitation]:
    return session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting_id)
        .order_by(Invitation.case_id, Invitation.party.desc(), Invitation.role)
    ).all()


def research_of_meeting(session: Session, meeting_id: str) -> Sequence[ResearchRequest]:
    return session.scalars(
        select(ResearchRequest)
        .where(ResearchRequest.meeting_id == meeting_id)
        .order_by(ResearchRequest.due_on, ResearchRequest.agency)
    ).all()


def research_by_id(session: Session, request_id: str) -> ResearchRequest | None:
    return session.scalar(select(ResearchRequest).where(ResearchRequest.id == request_id))


def research_asked_of(session: Session, agency: str | None) -> Sequence[ResearchRequest]:
    """Every request the caller may see, of one agency when it is named; the earliest due first."""
    query = select(ResearchRequest).order_by(ResearchRequest.due_on, ResearchRequest.id).limit(200)
    return session.scalars(query.where(ResearchRequest.agency == agency) if agency else query).all()


def returned_at_by_action(session: Session, requests: Collection[ResearchRequest]) -> dict[str, datetime]:
    """When each request was first answered. An answer for an earlier list of the same hearing counts: same action."""
    rows = session.execute(
        select(ResearchRequest.action_id, func.min(ResearchReturn.returned_at))
        .join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
        .where(ResearchRequest.action_id.in_([request.action_id for request in requests]))
        .group_by(ResearchRequest.action_id)
    )
    return dict(rows.all())


def answered_since(session: Session, case_id: str, since: datetime) -> dict[str, str]:
    """The agencies that returned their research for this case since an instant, each with the action it answered."""
    rows = session.execute(
        select(ResearchRequest.agency, ResearchRequest.action_id)
        .join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
        .where(ResearchRequest.case_id == case_id, ResearchRequest.requested_at >= since)
        .order_by(ResearchReturn.returned_at)
    )
    return dict(rows.all())


def attendance_of(session: Session, meeting_id: str) -> dict[str, Attendance]:
    """The standing record of each agency: its newest."""
    rows = session.scalars(
        select(Attendance).where(Attendance.meeting_id == meeting_id).order_by(Attendance.number)
    )
    return {row.agency: row for row in rows}
