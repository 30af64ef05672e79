"""The queries of the inbox across rooms: what the areas are not set up for, and how cases are called."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select, union_all
from sqlalchemy.orm import Session

from app.access.models import Area, Post
from app.actions.models import Action
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.meetings.models import Meeting
from app.meetings.vocabulary import MeetingKind
from app.ownership.models import Proposal
from app.referrals.models import Case
from app.vocabulary import ActionState, Forum, ProposalState, Role


@dataclass(frozen=True, slots=True)
class SetUpFault:
    """A post for which something waits and that nobody fills; without a role, an area without a meeting to come."""

    area: str
    role: Role | None = None
    waiting: int = 0


def posts_nobody_fills(session: Session, areas: Collection[str]) -> list[SetUpFault]:
    """Returns the posts of these areas that nobody fills and for which something waits, with how much."""
    asks = exists().where(AskedQuestion.enquiry_id == AskedEnquiry.id, AskedQuestion.ended_at.is_(None))
    unfilled = union_all(
        select(Action.area.label("area"), Action.owner_role.label("role")).where(
            Action.owner_agency.is_(None), Action.state == ActionState.OPEN, Action.area.in_(areas)
        ),
        select(AskedEnquiry.area, AskedEnquiry.role).where(
            AskedEnquiry.agency.is_(None), AskedEnquiry.area.in_(areas), asks
        ),
        select(Proposal.area, Proposal.role).where(
            Proposal.agency.is_(None), Proposal.area.in_(areas), Proposal.state == ProposalState.PROPOSED
        ),
    ).subquery()
    place = (unfilled.c.area, unfilled.c.role)
    filled = exists().where(Post.area == unfilled.c.area, Post.role == unfilled.c.role)
    rows = session.execute(select(*place, func.count()).where(~filled).group_by(*place).order_by(*place))
    return [SetUpFault(area, Role(role), waiting) for area, role, waiting in rows]


def areas_without_a_calendar(session: Session, areas: Collection[str], today: date) -> list[SetUpFault]:
    """Returns those of these areas in which no ordinary meeting of MARAC is to come."""
    ahead = exists().where(
        Meeting.area == Area.code,
        Meeting.forum == Forum.MARAC,
        Meeting.kind == MeetingKind.ORDINARY,
        Meeting.held_on >= today,
    )
    return [SetUpFault(code) for code in session.scalars(select(Area.code).where(Area.code.in_(areas), ~ahead))]


def case_references(session: Session, case_ids: Collection[str]) -> dict[str, str]:
    """Returns the short reference of each case, as people say it in meetings."""
    rows = session.execute(select(Case.id, Case.reference).where(Case.id.in_(case_ids)))
    return dict(rows.all())
