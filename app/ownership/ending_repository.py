"""The queries for endings that wait for a second person."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access.models import Post
from app.ownership.models import AskedEnding, CaseNeed
from app.ownership.vocabulary import CONFIRMING_POSTS
from app.vocabulary import NeedKind, ProposalState


def asked_ending_by_id(session: Session, asked_id: str) -> AskedEnding | None:
    return session.scalar(select(AskedEnding).where(AskedEnding.id == asked_id))


def asked_ending_for_change(session: Session, asked_id: str) -> AskedEnding:
    """Locks what was asked and returns it as it stands now. Lock its need first."""
    query = select(AskedEnding).where(AskedEnding.id == asked_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def waiting_ending(session: Session, need_id: str) -> AskedEnding | None:
    """Returns the ending of the need that waits to be confirmed. A unique index allows one at a time."""
    return session.scalar(
        select(AskedEnding).where(AskedEnding.need_id == need_id, AskedEnding.state == ProposalState.PROPOSED)
    )


def endings_of_passed_posts(session: Session, case_id: str) -> Sequence[AskedEnding]:
    """Returns the waiting endings of the case's needs whose post another agency fills now, not locked."""
    needs = select(CaseNeed.need_id).where(CaseNeed.case_id == case_id)
    passed = select(AskedEnding).where(AskedEnding.need_id.in_(needs), *post_has_passed_on())
    return session.scalars(passed.order_by(AskedEnding.asked_at, AskedEnding.id)).all()


def post_has_passed_on() -> Sequence[ColumnElement[bool]]:
    """Selects the waiting endings whose post another agency fills now, where another than who said so may confirm.

    One that a colleague of who said so is asked for stays with that colleague.
    """
    asked, asker = AskedEnding, asked_by_agency()
    of_area = (Post.area == asked.area, Post.role == asked.role, Post.agency != asked.agency)
    others = (Post.area == asked.area, Post.role.in_(CONFIRMING_POSTS[NeedKind.VICTIM_SAFETY]), Post.agency != asker)
    may_pass = or_(asked.kind == NeedKind.PERPETRATOR, exists().where(*others))
    return asked.state == ProposalState.PROPOSED, asked.agency != asker, exists().where(*of_area), may_pass


def asked_by_agency() -> ColumnElement[str]:
    """Selects the agency of who said that the need ends."""
    return func.split_part(AskedEnding.asked_by, "/", 1)
