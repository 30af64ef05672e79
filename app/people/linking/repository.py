"""The queries of who is asked about a link: each is one statement for any number of areas."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.models import Post
from app.people.linking.models import LinkAsk
from app.vocabulary import Role

ASKED_POST = Role.MARAC_COORDINATOR


def coordinators_of(session: Session, areas: Collection[str]) -> dict[str, str]:
    """Returns the agency of each area's MARAC co-ordinator."""
    rows = session.execute(select(Post.area, Post.agency).where(Post.area.in_(areas), Post.role == ASKED_POST))
    return dict(rows.all())


def store_asks(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Stores which areas are asked."""
    session.execute(insert(LinkAsk).values(list(rows)))
