"""The queries for what has no agency although its post is filled, and for what another agency fills now."""

from collections.abc import Sequence

from sqlalchemy import CompoundSelect, Select, exists, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.access.models import Post
from app.actions.models import Action
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.ownership.ending_repository import post_has_passed_on
from app.ownership.models import AskedEnding, Proposal
from app.vocabulary import UNFINISHED, ProposalState, Role


def cases_that_wait_for_filled_posts(session: Session, limit: int) -> Sequence[str]:
    """Returns up to `limit` cases of which something has no agency although its post is filled."""
    waiting = _waiting().subquery()
    return session.scalars(select(waiting.c.case_id).order_by(waiting.c.case_id).limit(limit)).all()


def waits_for_a_filled_post(session: Session, case_id: str) -> bool:
    """Returns whether something of the case still has no agency although its post is filled."""
    session.flush()
    waiting = _waiting().subquery()
    return bool(session.scalar(select(exists().where(waiting.c.case_id == case_id))))


def _waiting() -> CompoundSelect[str]:
    asks = exists().where(AskedQuestion.enquiry_id == AskedEnquiry.id, AskedQuestion.ended_at.is_(None))
    return union(
        _of_filled_post(Action.case_id, Action.area, Action.owner_role).where(
            Action.owner_agency.is_(None), Action.state.in_(UNFINISHED)
        ),
        _of_filled_post(AskedEnquiry.case_id, AskedEnquiry.area, AskedEnquiry.role).where(
            AskedEnquiry.agency.is_(None), asks
        ),
        _of_filled_post(Proposal.case_id, Proposal.area, Proposal.role).where(
            Proposal.agency.is_(None), Proposal.state == ProposalState.PROPOSED
        ),
        select(AskedEnding.case_id).where(*post_has_passed_on()),
    )


def _of_filled_post(
    case_id: InstrumentedAttribute[str], area: InstrumentedAttribute[str], role: InstrumentedAttribute[Role]
) -> Select[str]:
    return select(case_id).where(exists().where(Post.area == area, Post.role == role))
