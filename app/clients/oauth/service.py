"""Finds out which client asks for a token, and gives it one."""

from base64 import b64decode
from datetime import datetime
from urllib.parse import unquote_plus

from sqlalchemy.orm import Session

from app.access import repository as access_repository
from app.access.authentication import note_use
from app.access.key_format import hash_of_key, is_written_as
from app.access.repository import KeyInUse
from app.access.tokens import ProvedClient, TokenIssuer, signed_token
from app.access.vocabulary import ClientKeyKind
from app.clients.oauth.assertions import key_of_assertion
from app.clients.oauth.signing_keys import signing_key
from app.clients.oauth.token_request import (
    ASSERTION_TYPE,
    TokenRefusedError,
    TokenRequest,
    not_proved,
    refuse_other_grants,
)


def token_for(session: Session, request: TokenRequest, issuer: TokenIssuer, now: datetime) -> tuple[KeyInUse, str]:
    """Returns the key that proved the client, and an access token for it. Raises `TokenRefusedError`."""
    refuse_other_grants(request)
    found = _proved_by(session, request, issuer, now)
    if request.form.get("client_id", found.client.id) != found.client.id:
        raise not_proved()
    kid, key = signing_key(session, now)
    note_use(session, found, now)
    return found, signed_token(key, kid, issuer, ProvedClient(found.client.id, found.key.id), now)


def _proved_by(session: Session, request: TokenRequest, issuer: TokenIssuer, now: datetime) -> KeyInUse:
    """Returns the key by which the client is proved: in one way, as RFC 6749 (2.3) wants it."""
    by_assertion = "client_assertion" in request.form or "client_assertion_type" in request.form
    if "client_secret" in request.form:
        raise TokenRefusedError("invalid_request", "send the secret as `Authorization: Basic`, not in the body")
    if by_assertion and request.authorization:
        raise TokenRefusedError("invalid_request", "prove the client in one way: by an assertion or by its secret")
    if not by_assertion:
        return _key_of_secret(session, request.authorization, now)
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefusedError("invalid_request", f"send client_assertion_type={ASSERTION_TYPE}")
    return key_of_assertion(session, request.form.get("client_assertion", ""), issuer, now)


def _key_of_secret(session: Session, authorization: tuple[str, ...], now: datetime) -> KeyInUse:
    client_id, secret = _basic(authorization)
    if not is_written_as(ClientKeyKind.CLIENT_SECRET, secret):
        raise not_proved()
    # Looked up by its hash, so that it takes as long for an unknown secret as for one of another client.
    found = access_repository.key_by_hash(session, ClientKeyKind.CLIENT_SECRET, hash_of_key(secret), now)
    if found is None or found.client.id != client_id:
        raise not_proved()
    return found


def _basic(authorization: tuple[str, ...]) -> tuple[str, str]:
    """Returns id and secret as `client_secret_basic` writes them (RFC 6749, 2.3.1)."""
    scheme, _, encoded = authorization[0].partition(" ") if len(authorization) == 1 else ("", "", "")
    if scheme.lower() != "basic":
        raise not_proved()
    try:
        client_id, _, secret = b64decode(encoded, validate=True).decode("ascii").partition(":")
    except ValueError:
        raise not_proved() from None
    return unquote_plus(client_id), unquote_plus(secret)
