"""The queries of what is prepared for a hearing: invitations, research requests and their returns."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.actions.models import Action
from app.meetings.record_models import Countersignature, Invitation, ResearchRequest, ResearchReturn

MOST_SHOWN = 200


def insert_invitation_unless_there(session: Session, row: dict[str, object]) -> None:
    """Invites each agency once for each meeting, case, party and role."""
    session.execute(insert(Invitation).values(row).on_conflict_do_nothing())


def insert_research_request_unless_there(session: Session, row: dict[str, object]) -> None:
    """Asks each agency once for each meeting and case by one action."""
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
    return session.scalars(_by_due_day().where(ResearchRequest.meeting_id == meeting_id)).all()


def _by_due_day() -> Select[ResearchRequest]:
    """Selects the newest request to each agency for each meeting and case, the earliest due first."""
    newer = aliased(ResearchRequest)
    same = (getattr(newer, name) == getattr(ResearchRequest, name) for name in ("meeting_id", "case_id", "agency"))
    again = exists().where(*same, newer.requested_at > ResearchRequest.requested_at)
    order = (Action.due_on, ResearchRequest.agency, ResearchRequest.id)
    # An outer join: a row of the action that the caller may not see hides no request.
    asked = select(ResearchRequest).outerjoin(Action, Action.id == ResearchRequest.action_id)
    return asked.where(~again).order_by(*order)


def research_request_by_id(session: Session, request_id: str) -> ResearchRequest | None:
    """Returns the request, or None when there is none that the caller's rows show."""
    # A query and not `session.get`: a row already loaded for the system must not reach this caller.
    return session.scalar(select(ResearchRequest).where(ResearchRequest.id == request_id))


def list_research_requests(session: Session, agency: str | None) -> Sequence[ResearchRequest]:
    """Returns every request the caller may see, or those of one agency; the earliest due first."""
    query = _by_due_day().limit(MOST_SHOWN)
    return session.scalars(query.where(ResearchRequest.agency == agency) if agency else query).all()


def first_returns(session: Session, requests: Collection[ResearchRequest]) -> dict[tuple[str, str], datetime]:
    """Returns when the action of each request was first answered for a case, by the ids of action and case."""
    # When a hearing moves, the new request keeps the action of the old one; an answer to either counts.
    rows = session.execute(
        select(ResearchRequest.action_id, ResearchRequest.case_id, func.min(ResearchReturn.returned_at))
        .join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
        .where(ResearchRequest.action_id.in_([request.action_id for request in requests]), counts())
        .group_by(ResearchRequest.action_id, ResearchRequest.case_id)
    )
    return {(action_id, case_id): first for action_id, case_id, first in rows}


def counts() -> ColumnElement[bool]:
    """Selects the returns that count: those that nobody else must sign, and those that a second person did."""
    signed = exists().where(Countersignature.return_id == ResearchReturn.id)
    return or_(ResearchReturn.needs_countersignature.is_(False), signed)


def actions_with_unsigned_returns(session: Session, requests: Collection[ResearchRequest]) -> set[tuple[str, str]]:
    """Returns for which actions and cases of these requests a return waits for its countersignature, by their ids."""
    asked = select(ResearchRequest.action_id, ResearchRequest.case_id)
    waiting = asked.join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
    of_these = ResearchRequest.action_id.in_([request.action_id for request in requests])
    return {(action_id, case_id) for action_id, case_id in session.execute(waiting.where(of_these, ~counts()))}


def return_by_id(session: Session, return_id: str) -> ResearchReturn | None:
    """Returns the return, or None when there is none that the caller's rows show."""
    return session.scalar(select(ResearchReturn).where(ResearchReturn.id == return_id))


def request_of_return(session: Session, made: ResearchReturn) -> ResearchRequest:
    """Returns the request that this one answers."""
    return session.scalars(select(ResearchRequest).where(ResearchRequest.id == made.request_id)).one()


def countersignature_of(session: Session, return_id: str) -> Countersignature | None:
    """Returns who countersigned the return, and when; None while nobody has."""
    return session.scalar(select(Countersignature).where(Countersignature.return_id == return_id))


def cases_returned(session: Session, action_id: str) -> set[str]:
    """Returns the cases of the action that have a return."""
    made = select(ResearchRequest.case_id).join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
    return set(session.scalars(made.where(ResearchRequest.action_id == action_id, counts())))


def cases_without_return(session: Session, action_id: str) -> set[str]:
    """Returns the cases for which the action asked and that have no return."""
    asked = select(ResearchRequest.case_id).where(ResearchRequest.action_id == action_id)
    return set(session.scalars(asked)) - cases_returned(session, action_id)


def actions_that_ask(session: Session, requests: Collection[ResearchRequest]) -> dict[str, Action]:
    """Returns the action of each request, by its id: it carries the deadline and the cover."""
    wanted = Action.id.in_([request.action_id for request in requests])
    return {action.id: action for action in session.scalars(select(Action).where(wanted))}


def returns_for_meeting(session: Session, meeting_id: str) -> Sequence[tuple[str, ResearchReturn]]:
    """Returns each return that was made for the meeting with its agency, the oldest first."""
    # When a hearing moves, the new request keeps the action of the old one; an answer to either counts.
    actions = select(ResearchRequest.action_id).where(ResearchRequest.meeting_id == meeting_id)
    rows = session.execute(
        select(ResearchRequest.agency, ResearchReturn)
        .join(ResearchRequest, ResearchRequest.id == ResearchReturn.request_id)
        .where(ResearchRequest.action_id.in_(actions), counts())
        .order_by(ResearchReturn.returned_at, ResearchReturn.id)
    )
    return [(agency, row) for agency, row in rows]


def documents_returned(session: Session, case_id: str) -> Sequence[dict[str, Any]]:
    """Returns what agencies wrote on the case for any hearing, the oldest first, also what is not countersigned yet."""
    mine = select(ResearchReturn.document).where(ResearchReturn.case_id == case_id)
    return session.scalars(mine.order_by(ResearchReturn.returned_at, ResearchReturn.id)).all()


def was_asked_since(session: Session, case_id: str, since: datetime) -> bool:
    """Returns whether any agency was asked about the case since that instant."""
    asked = select(ResearchRequest.id).where(ResearchRequest.case_id == case_id, ResearchRequest.requested_at >= since)
    return session.scalar(asked.limit(1)) is not None


def answered_actions_since(session: Session, case_id: str, since: datetime) -> dict[str, str]:
    """Returns the agencies that answered a request for this case since then, each with the action it answered."""
    rows = session.execute(
        select(ResearchRequest.agency, ResearchRequest.action_id)
        .join(ResearchReturn, ResearchReturn.request_id == ResearchRequest.id)
        .where(ResearchRequest.case_id == case_id, ResearchRequest.requested_at >= since, counts())
        .order_by(ResearchReturn.returned_at)
    )
    return dict(rows.all())
