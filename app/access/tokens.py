"""Access tokens of clients: JWTs by RFC 9068, signed with ES256 by `joserfc`, good for ten minutes.

A token says which client was proved, by which of its keys, and nothing of what it may do: role, areas and agency are
read from the client at each call.
"""

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy.orm import Session

from app.access import repository
from app.foundation.settings import Settings

LIFETIME = timedelta(minutes=10)
SECONDS_APART = 30
"""How far the clocks of two servers of this service, or of a client and a server, may differ [I]."""
ALGORITHM, TYPE = "ES256", "at+jwt"
_COMPACT = re.compile(r"[A-Za-z0-9_-]{1,2048}\.[A-Za-z0-9_-]{1,4096}\.[A-Za-z0-9_-]{1,1024}")
_HEADER = {"alg", "kid", "typ"}
_CAN_BE_A_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")
UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What `joserfc` raises for a text that is no token, or a token that is not as it must be."""


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """The service at its public address, which is the issuer of its tokens; they are meant for its API alone."""

    url: str

    @property
    def audience(self) -> str:
        return f"{self.url}/v1"


@dataclass(frozen=True, slots=True)
class ProvedClient:
    """The client that a token names, and the key by which that client was proved when it got the token.

    `issued_at` is None while no token says it.
    """

    client_id: str
    key_id: str
    issued_at: datetime | None = None


def issuer_of(settings: Settings) -> TokenIssuer:
    """Returns the issuer at the public address of the settings."""
    return TokenIssuer(settings.public_url.rstrip("/"))


def signed_token(key: ECKey, kid: str, issuer: TokenIssuer, proved: ProvedClient, now: datetime) -> str:
    """Returns a new access token for the client."""
    issued_at = int(now.timestamp())
    claims = {
        "iss": issuer.url,
        "aud": issuer.audience,
        "sub": proved.client_id,
        "client_id": proved.client_id,
        "proved_by": proved.key_id,
        "iat": issued_at,
        "nbf": issued_at,
        "exp": issued_at + int(LIFETIME.total_seconds()),
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode({"alg": ALGORITHM, "kid": kid, "typ": TYPE}, claims, key, algorithms=[ALGORITHM])


def client_in_token(session: Session, token: str, issuer: TokenIssuer, now: datetime) -> ProvedClient | None:
    """Returns whom a token names that this service signed for its API and that holds now. None for any other text."""
    try:
        header = header_of(token)
        # No other member: a key, an address of a key or an extension in the header is never followed.
        if set(header) != _HEADER or header["alg"] != ALGORITHM or header["typ"] != TYPE:
            return None
        public_jwk = _public_jwk(session, header["kid"], now)
        if public_jwk is None:
            return None
        claims = jwt.decode(token, ECKey.import_key(public_jwk), algorithms=[ALGORITHM]).claims
        _registry(issuer, now).validate(claims)
    except UNREADABLE:
        return None
    if claims["sub"] != claims["client_id"] or claims["exp"] - claims["iat"] != LIFETIME.total_seconds():
        return None
    issued_at = datetime.fromtimestamp(claims["iat"], UTC)
    return ProvedClient(claims["client_id"], claims["proved_by"], issued_at)


def header_of(token: str) -> dict[str, Any]:
    """Returns the header of a signed text before its signature is checked. Raises `ValueError` for any other text."""
    if not _COMPACT.fullmatch(token):
        raise ValueError("not a compact JWS")
    for part in token.split("."):
        # A decoder passes over bits that stand for nothing: the same token could be written in several ways.
        if urlsafe_b64encode(urlsafe_b64decode(part + "=" * (-len(part) % 4))).decode().rstrip("=") != part:
            raise ValueError("not as base64url is written")
    return dict(jws.extract_compact(token.encode()).headers())


def _public_jwk(session: Session, kid: object, now: datetime) -> dict[str, Any] | None:
    if not isinstance(kid, str) or not _CAN_BE_A_KID.fullmatch(kid):
        return None
    # Never cached: a key that was taken back proves nothing from the next call on.
    return repository.public_jwk_of(session, kid, now)


def _registry(issuer: TokenIssuer, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=SECONDS_APART,
        iss={"essential": True, "value": issuer.url},
        aud={"essential": True, "value": issuer.audience},
        sub={"essential": True},
        client_id={"essential": True},
        proved_by={"essential": True},
        iat={"essential": True},
        nbf={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
