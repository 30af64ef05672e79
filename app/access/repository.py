"""The queries of the access room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from app.access.key_models import ClientKey, ClientKeyUse, TokenSigningKey
from app.access.models import Account, Agency, Area, Client, Post
from app.access.vocabulary import ClientKeyKind


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key that holds now, with its client and when it was last used."""

    client: Client
    key: ClientKey
    last_used_at: datetime | None


def key_by_hash(session: Session, kind: ClientKeyKind, key_hash: str, now: datetime) -> KeyInUse | None:
    """Returns the key of this hash, unless it has ended or it or its client is suspended."""
    return _key_in_use(session, now, ClientKey.kind == kind, ClientKey.key_hash == key_hash)


def key_behind_token(session: Session, client_id: str, key_id: str, now: datetime) -> KeyInUse | None:
    """Returns the key with which a token was gained, unless it has ended or it or its client is suspended."""
    return _key_in_use(
        session, now, ClientKey.client_id == client_id, ClientKey.id == key_id, ClientKey.kind != ClientKeyKind.API_KEY
    )


def public_key_of(session: Session, client_id: str, kid: str, now: datetime) -> KeyInUse | None:
    """Returns the client's public key of this `kid`, unless it has ended or it or the client is suspended."""
    kind = ClientKey.kind == ClientKeyKind.PUBLIC_KEY
    return _key_in_use(session, now, ClientKey.client_id == client_id, kind, ClientKey.shown == kid)


def public_jwk_of(session: Session, kid: str, now: datetime) -> dict[str, Any] | None:
    """Returns the public half of the service's signing key of this `kid`, unless it has ended."""
    holds = or_(TokenSigningKey.ends_at.is_(None), TokenSigningKey.ends_at > now)
    return session.scalar(select(TokenSigningKey.public_jwk).where(TokenSigningKey.kid == kid, holds))


def _key_in_use(session: Session, now: datetime, *which: ColumnElement[bool]) -> KeyInUse | None:
    # Read for every call and never cached: a suspended key is refused from the next request on.
    found = session.execute(
        select(Client, ClientKey, ClientKeyUse.last_used_at)
        .join(ClientKey, ClientKey.client_id == Client.id)
        .join(ClientKeyUse, ClientKeyUse.key_id == ClientKey.id)
        .where(*which, Client.suspended_at.is_(None), ClientKey.suspended_at.is_(None), ClientKey.expires_at > now)
    ).one_or_none()
    return KeyInUse(*found) if found else None


def note_use_of_key(session: Session, key_id: str, now: datetime) -> None:
    """Stores when the key was used, unless another call is doing so: no call waits for this row."""
    free = select(ClientKeyUse.key_id).where(ClientKeyUse.key_id == key_id).with_for_update(skip_locked=True)
    used = update(ClientKeyUse).where(ClientKeyUse.key_id.in_(free)).values(last_used_at=now)
    session.execute(used.execution_options(synchronize_session=False))


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
    """Returns the code of every agency, in their order."""
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


def agencies_in_posts(session: Session, area: str) -> Sequence[str]:
    """Returns the agencies that fill a post of the area, in the order of their codes."""
    return session.scalars(select(Post.agency).where(Post.area == area).distinct().order_by(Post.agency)).all()


def fills_post_anywhere(session: Session, agency: str, role: str) -> bool:
    return session.scalar(select(exists().where(Post.agency == agency, Post.role == role))) or False
