"""The queries of what is prepared for a hearing: invitations, research requests and their returns."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.meetings.record_models import Invitation, ResearchRequest, ResearchReturn

MOST_SHOWN = 200


def insert_invitation_unless_there(session: Session, row: dict[str, object]) -> None:
    """Invites each agency once for each meeting, case, party and role."""
    session.execute(insert(Invitation).values(row).on_conflict_do_nothing())


def insert_research_request_unless_there(session: Session, row: dict[str, object]) -> None:
    """Asks each agency once for each meeting and case."""
    session.execute(insert(ResearchRequest).values(row).on_conflict_do_nothing())


def invitations_of(session: Session, meeting_id: str) -> Sequence[Invitation]:
    """Returns the invitations to a meeting, by case; the victim's before the perpetrator's."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting_id)
        .order_by(Invitation.case_id, Invitation.party.desc(), Invitation.role)
    ).all()


def research_requests_of_meeting(session: Session, meeting_id: str) -> Sequence[ResearchRequest]:
    """Returns the research asked for a meeting, the earliest due first."""
    return session.scalars(
        select(ResearchRequest)
        .where(ResearchRequest.meeting_id == meeting_id)
        .order_by(ResearchRequest.due_on, ResearchRequest.agency)
    ).all()


def research_request_by_id(session: Session, request_id: str) -> ResearchRequest | None:
    """Returns the request, or None when there is none that the caller's rows show."""
    # A query and not `session.get`: a row already loaded for the system must not reach this caller.
    return session.scalar(select(ResearchRequest).where(ResearchRequest.id == request_id))


def list_research_requests(session: Session, agency: str | None) -> Sequence[ResearchRequest]:
    """Returns every request the caller may see, or those of one agency; the earliest due first."""
    query = select(ResearchRequest).order_by(ResearchRequest.due_on, ResearchRequest.id).limit(MOST_SHOWN)
    return session.scalars(query.where(ResearchRequest.agency == agency) if agency else query).all()


def first_returns(session: Session, requests: Collection[ResearchRequest]) -> dict[tuple[str, str], datetime]:
    """Returns when the action of each request was first answered for a case, by the ids of action and case."""
    # When a hearing moves, the new request keeps the action of the old one; an answer to either counts.
    rows = session.execute(
        select(ResearchRequest.action_id, ResearchRequest.case_id, func.min(ResearchReturn.returned_at))
        .join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
        .where(ResearchRequest.action_id.in_([request.action_id for request in requests]))
        .group_by(ResearchRequest.action_id, ResearchRequest.case_id)
    )
    return {(action_id, case_id): first for action_id, case_id, first in rows}


def is_returned_for_each_case(session: Session, action_id: str) -> bool:
    """Returns whether each case for which the action asks has a return."""
    of_action = ResearchRequest.action_id == action_id
    made = select(ResearchRequest.case_id).join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
    asked = select(ResearchRequest.id).where(of_action, ResearchRequest.case_id.not_in(made.where(of_action)))
    return session.scalar(asked.limit(1)) is None


def returns_for_meeting(session: Session, meeting_id: str) -> Sequence[tuple[str, ResearchReturn]]:
    """Returns each return that was made for the meeting with its agency, the oldest first."""
    # When a hearing moves, the new request keeps the action of the old one; an answer to either counts.
    actions = select(ResearchRequest.action_id).where(ResearchRequest.meeting_id == meeting_id)
    rows = session.execute(
        select(ResearchRequest.agency, ResearchReturn)
        .join(ResearchRequest, ResearchRequest.id == ResearchReturn.request_id)
        .where(ResearchRequest.action_id.in_(actions))
        .order_by(ResearchReturn.returned_at, ResearchReturn.id)
    )
    return [(agency, row) for agency, row in rows]


def documents_returned(session: Session, case_id: str) -> Sequence[dict[str, Any]]:
    """Returns what agencies returned on the case for any hearing, the oldest first."""
    mine = select(ResearchReturn.document).where(ResearchReturn.case_id == case_id)
    return session.scalars(mine.order_by(ResearchReturn.returned_at, ResearchReturn.id)).all()


def answered_actions_since(session: Session, case_id: str, since: datetime) -> dict[str, str]:
    """Returns the agencies that answered a request for this case since then, each with the action it answered."""
    rows = session.execute(
        select(ResearchRequest.agency, ResearchRequest.action_id)
        .join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
        .where(ResearchRequest.case_id == case_id, ResearchRequest.requested_at >= since)
        .order_by(ResearchReturn.returned_at)
    )
    return dict(rows.all())
