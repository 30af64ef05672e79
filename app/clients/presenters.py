"""Clients and their keys as answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.key_models import ClientKey
from app.access.models import Client
from app.clients import repository
from app.clients.schemas import ClientChangeOut, ClientKeyOut, ClientOut
from app.clients.vocabulary import KeyState

SOON = timedelta(days=30)


def clients_out(session: Session, clients: Sequence[Client], now: datetime) -> list[ClientOut]:
    """Returns the clients with their keys and all that happened to each, read in two queries."""
    ids = [client.id for client in clients]
    keys, changes = repository.keys_of(session, ids), repository.changes_of(session, ids)
    shown = [name for name in ClientOut.model_fields if name not in {"keys", "changes"}]
    return [
        ClientOut(
            keys=[key_out(key, use.last_used_at, now) for key, use in keys if key.client_id == client.id],
            changes=[ClientChangeOut.model_validate(one) for one in changes if one.client_id == client.id],
            **{name: getattr(client, name) for name in shown},
        )
        for client in clients
    ]


def key_out(key: ClientKey, last_used_at: datetime | None, now: datetime) -> ClientKeyOut:
    """Returns the key as it is listed."""
    shown = [name for name in ClientKeyOut.model_fields if name not in {"state", "last_used_at"}]
    kept = {name: getattr(key, name) for name in shown}
    return ClientKeyOut(state=state_of(key, now), last_used_at=last_used_at, **kept)


def state_of(key: ClientKey, now: datetime) -> KeyState:
    """Returns whether the key proves its client now."""
    if key.suspended_at is not None:
        return KeyState.SUSPENDED
    if key.expires_at <= now:
        return KeyState.ENDED
    return KeyState.ENDS_SOON if key.expires_at <= now + SOON else KeyState.ACTIVE
