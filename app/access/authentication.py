"""Finds out who calls, from the `Authorization` header alone. Everything else about the caller is read from its client.

Every refusal is the same, so that none says which part of what was sent is right.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access import repository
from app.access.key_format import hash_of_key, is_written_as
from app.access.models import Client
from app.access.repository import KeyInUse
from app.access.tokens import ProvedClient, TokenIssuer, client_in_token
from app.access.vocabulary import ClientKeyKind
from app.foundation.errors import Unauthenticated

USE_IS_NOTED = timedelta(hours=1)  # at most so often, so that a call costs no write


def authenticate(session: Session, authorization: Sequence[str], issuer: TokenIssuer, now: datetime) -> Client:
    """Returns the client whose API key or access token came as `Authorization: Bearer …`. Raises `Unauthenticated`.

    A key that has ended, or that is suspended or whose client is, is refused from the first call after the commit, and
    so is a token that was gained with it.
    """
    found = _key_of(session, authorization, issuer, now)
    if found is None:
        raise _unauthenticated()
    note_use(session, found, now)
    return found.client


def note_use(session: Session, found: KeyInUse, now: datetime) -> None:
    """Notes that the key was used now, unless that was noted within the hour."""
    if found.last_used_at is None or now - found.last_used_at >= USE_IS_NOTED:
        repository.note_use_of_key(session, found.key.id, now)


def _key_of(session: Session, authorization: Sequence[str], issuer: TokenIssuer, now: datetime) -> KeyInUse | None:
    # With two headers, what stands before us and this service could each read another one.
    if len(authorization) != 1:
        return None
    scheme, _, sent = authorization[0].partition(" ")
    if scheme.lower() != "bearer":
        return None
    if is_written_as(ClientKeyKind.API_KEY, sent):
        # Looked up by its hash, so neither the database nor its statement log ever holds a key.
        return repository.key_by_hash(session, ClientKeyKind.API_KEY, hash_of_key(sent), now)
    proved = client_in_token(session, sent, issuer, now)
    found = repository.key_behind_token(session, proved.client_id, proved.key_id, now) if proved else None
    return None if found is None or proved is None or _ended_since(found, proved) else found


def _ended_since(found: KeyInUse, proved: ProvedClient) -> bool:
    """Returns whether the key or its client was suspended after the token was issued, and resumed since."""
    ended = (found.key.tokens_ended_at, found.client.tokens_ended_at)
    return any(at is not None and (proved.issued_at is None or proved.issued_at <= at) for at in ended)


def _unauthenticated() -> Unauthenticated:
    error = Unauthenticated(
        "send `Authorization: Bearer <your API key or access token>`; it is missing, unknown, suspended or past its end"
    )
    error.headers["WWW-Authenticate"] = "Bearer"
    return error
