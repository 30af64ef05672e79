"""The queries of who is asked about a link: each is one statement for any number of areas."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.models import Account, Post
from app.people.linking.models import LinkAsk
from app.vocabulary import Role

ASKED_POST = Role.MARAC_COORDINATOR
ANSWERING_POSTS = (Role.PVP_HUB, Role.MARAC_COORDINATOR, Role.MARAC_CHAIR)


def coordinators_of(session: Session, areas: Collection[str]) -> dict[str, str]:
    """Returns the agency of each area's MARAC co-ordinator."""
    rows = session.execute(select(Post.area, Post.agency).where(Post.area.in_(areas), Post.role == ASKED_POST))
    return dict(rows.all())


def agencies_asked(session: Session, areas: Collection[str]) -> dict[str, set[str]]:
    """Returns the agencies whose people may answer for each area."""
    query = select(Post.area, Post.agency).where(Post.area.in_(areas), Post.role.in_(ANSWERING_POSTS))
    found: dict[str, set[str]] = {}
    for area, agency in session.execute(query):
        found.setdefault(area, set()).add(agency)
    return found


def areas_spoken_for(session: Session, account: Account) -> frozenset[str]:
    """Returns the areas for which this person may answer: those where their agency fills their post."""
    query = select(Post.area).where(
        Post.role == account.post,
        Post.role.in_(ANSWERING_POSTS),
        Post.agency == account.agency,
        Post.area.in_(account.areas),
    )
    return frozenset(session.scalars(query))


def asked_areas(session: Session, proposal_ids: Collection[str]) -> dict[str, list[str]]:
    """Returns the areas that are asked about each proposal, among those that the row scope shows, in their order."""
    query = select(LinkAsk.proposal_id, LinkAsk.area).where(LinkAsk.proposal_id.in_(proposal_ids))
    found: dict[str, list[str]] = {}
    for proposal_id, area in session.execute(query.order_by(LinkAsk.area)):
        found.setdefault(proposal_id, []).append(area)
    return found


def store_asks(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Stores which areas are asked."""
    session.execute(insert(LinkAsk).values(list(rows)))
