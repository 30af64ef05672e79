"""`private_key_jwt` (RFC 7523): a client signs that it is itself, for this service, once, within minutes."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from sqlalchemy.orm import Session

from app.access import repository as access_repository
from app.access.repository import KeyInUse
from app.access.tokens import SECONDS_APART, UNREADABLE, TokenIssuer, header_of
from app.clients.oauth import repository
from app.clients.oauth.token_request import not_proved
from app.clients.public_keys import algorithms_of, read_public_key
from app.foundation.errors import Invalid
from app.foundation.web.body_guard import unstorable

LONGEST = timedelta(minutes=10)
"""How far ahead an assertion may end [I]: so long its `jti` is remembered."""
CLIENT_ID = re.compile(r"cli_[0-9a-f]{32}")
_TYPES = {"", "jwt", "client-authentication+jwt"}
_NEVER = {"jku", "jwk", "x5u", "x5c", "crit", "b64"}
"""Members of a header that would say with which key, or how, to check what they stand in."""


@dataclass(frozen=True, slots=True)
class _Unchecked:
    """What an assertion says of itself before its signature is checked."""

    algorithm: str
    kid: str
    client_id: str


def key_of_assertion(session: Session, assertion: str, issuer: TokenIssuer, now: datetime) -> KeyInUse:
    """Returns the public key of the client that signed the assertion, and uses the assertion up.

    Raises `TokenRefusedError` for every other text and for one that was used before.
    """
    try:
        unchecked = _unchecked(assertion)
        found = access_repository.public_key_of(session, unchecked.client_id, unchecked.kid, now)
        if found is None or found.key.public_jwk is None:
            raise not_proved()
        key = read_public_key(found.key.public_jwk)
        if unchecked.algorithm not in algorithms_of(key):
            raise not_proved()
        claims = jwt.decode(assertion, key, algorithms=[unchecked.algorithm]).claims
        _registry(unchecked.client_id, now).validate(claims)
        _refuse_other_audience_or_time(claims, issuer, now)
        ends_at = datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=SECONDS_APART)
        jti = hashlib.sha256(claims["jti"].encode()).digest()
    except (*UNREADABLE, Invalid):
        raise not_proved() from None
    if not repository.use_assertion(session, unchecked.client_id, jti, ends_at):
        raise not_proved()
    return found


def _unchecked(assertion: str) -> _Unchecked:
    """Returns what the assertion says. Raises `ValueError` for a header that is not followed, or no client's id."""
    header = header_of(assertion)
    if _NEVER & set(header) or str(header.get("typ", "")).lower() not in _TYPES:
        raise ValueError("a header that is not followed")
    claims = json.loads(jws.extract_compact(assertion.encode()).payload)
    algorithm, kid, client_id = header["alg"], header["kid"], claims["iss"]
    if not all(isinstance(one, str) for one in (algorithm, kid, client_id)) or unstorable([kid]):
        raise ValueError("no texts")
    if not CLIENT_ID.fullmatch(client_id):
        raise ValueError("no id of a client")
    return _Unchecked(algorithm, kid, client_id)


def _registry(client_id: str, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=SECONDS_APART,
        iss={"essential": True, "value": client_id},
        sub={"essential": True, "value": client_id},
        aud={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )


def _refuse_other_audience_or_time(claims: dict[str, Any], issuer: TokenIssuer, now: datetime) -> None:
    """Raises `ValueError` unless the assertion is for this service alone and ends soon."""
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    # The address of the endpoint too: RFC 7523 names it, and most libraries write it.
    if len(audience) != 1 or audience[0] not in {issuer.url, f"{issuer.url}/oauth/token"}:
        raise ValueError("for another service")
    latest = (now + LONGEST).timestamp() + SECONDS_APART
    if claims["exp"] > latest or not claims["jti"]:
        raise ValueError("lasts too long, or has no id")
