"""The queries of the clients room. The tables of clients and keys have no row security: each query names the agency."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import Session

from app.access.key_models import ClientKey, ClientKeyUse
from app.access.models import Client
from app.access.vocabulary import ClientKeyKind
from app.clients.models import ClientChange
from app.clients.vocabulary import ClientChangeKind


def client_of_agency(session: Session, agency: str, client_id: str) -> Client | None:
    return session.scalar(select(Client).where(Client.agency == agency, Client.id == client_id))


def agency_of_client(session: Session, client_id: str) -> str | None:
    return session.scalar(select(Client.agency).where(Client.id == client_id))


def client_for_change(session: Session, agency: str, client_id: str) -> Client | None:
    """Locks the client until this transaction ends, and returns it as it stands now. Calls of the client go on."""
    query = select(Client).where(Client.agency == agency, Client.id == client_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def key_of_client(session: Session, client_id: str, key_id: str) -> ClientKey | None:
    query = select(ClientKey).where(ClientKey.client_id == client_id, ClientKey.id == key_id)
    return session.scalar(query.execution_options(populate_existing=True))


def has_kid(session: Session, client_id: str, kid: str) -> bool:
    """Returns whether the client has ever registered a public key of this `kid`."""
    same = (ClientKey.client_id == client_id, ClientKey.kind == ClientKeyKind.PUBLIC_KEY, ClientKey.shown == kid)
    return session.scalar(select(exists().where(*same))) or False


def suspended_by(session: Session, client_id: str, key_id: str | None) -> str | None:
    """Returns who last suspended this key of the client, or without a key the client itself."""
    kinds = {ClientChangeKind.CLIENT_SUSPENDED, ClientChangeKind.KEY_SUSPENDED}
    of_this = (ClientChange.client_id == client_id, ClientChange.key_id.is_not_distinct_from(key_id))
    query = select(ClientChange.changed_by).where(*of_this, ClientChange.kind.in_(kinds))
    return session.scalar(query.order_by(ClientChange.number.desc()).limit(1))


def live_keys(session: Session, client_id: str, now: datetime) -> int:
    """Returns how many keys of the client have not ended and are not suspended."""
    living = (ClientKey.client_id == client_id, ClientKey.expires_at > now, ClientKey.suspended_at.is_(None))
    return session.scalar(select(func.count()).select_from(ClientKey).where(*living)) or 0


def list_clients(session: Session, agency: str, after: str, limit: int) -> Sequence[Client]:
    """Returns clients of the agency in the order of their ids, those after `after` first."""
    query = select(Client).where(Client.agency == agency, Client.id > after).order_by(Client.id).limit(limit)
    return session.scalars(query).all()


def keys_of(session: Session, client_ids: Collection[str]) -> Sequence[Row[ClientKey, ClientKeyUse]]:
    """Returns the keys of these clients with when each was last used, the oldest first."""
    used = select(ClientKey, ClientKeyUse).join(ClientKeyUse, ClientKeyUse.key_id == ClientKey.id)
    query = used.where(ClientKey.client_id.in_(client_ids)).order_by(ClientKey.made_at, ClientKey.id)
    return session.execute(query.execution_options(populate_existing=True)).all()


def changes_of(session: Session, client_ids: Collection[str]) -> Sequence[ClientChange]:
    """Returns what happened to these clients and their keys, the oldest first."""
    query = select(ClientChange).where(ClientChange.client_id.in_(client_ids)).order_by(ClientChange.number)
    return session.scalars(query).all()
