"""The queries of the access room."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access.models import Account, Agency, Area, Client, Post


def client_by_key_hash(session: Session, key_hash: str) -> Client | None:
    # Read for every call and never cached: a suspended key is refused from the next request on.
    return session.scalar(select(Client).where(Client.key_hash == key_hash, Client.suspended_at.is_(None)))


def active_account(session: Session, agency: str, name: str) -> Account | None:
    """Returns the account of that name, in its normal form, unless it is suspended. Never cached, as a key is not."""
    return session.scalar(
        select(Account).where(Account.agency == agency, Account.name == name, Account.suspended_at.is_(None))
    )


def area_by_code(session: Session, code: str) -> Area | None:
    return session.get(Area, code)


def area_codes(session: Session) -> Sequence[str]:
    return session.scalars(select(Area.code).order_by(Area.code)).all()


def agency_codes(session: Session) -> Sequence[str]:
    return session.scalars(select(Agency.code).order_by(Agency.code)).all()


def agency_exists(session: Session, code: str) -> bool:
    return is_taken(session, Agency, code)


def is_taken(session: Session, kind: type[Area | Agency], code: str) -> bool:
    return session.get(kind, code) is not None


def agency_in_post(session: Session, area: str, role: str) -> str | None:
    """Returns the agency that fills the role, or None. A transaction reads an area's directory once and keeps to it."""
    directory: dict[str, dict[str, str]] = session.info.setdefault("directory", {})
    if area not in directory:
        # One referral asks many times. Kept for this transaction only, so the next one sees a change of posts.
        filled = session.execute(select(Post.role, Post.agency).where(Post.area == area))
        directory[area] = dict(filled.all())
    return directory[area].get(role)


def fills_post_anywhere(session: Session, agency: str, role: str) -> bool:
    return session.scalar(select(exists().where(Post.agency == agency, Post.role == role))) or False
