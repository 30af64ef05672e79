"""Identifiers at rest: only a keyed hash, so that two can be compared and none can be read, not even by us.

A plain hash would not do: every NHS number can be tried in seconds. The key is derived from the deployment's secret
and lives outside the database; changing that secret ends the comparison with what was recorded under the old one.
"""

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.errors import ServiceError
from app.people.identifiers import Identifier

KEY_BYTES = 32
_KEPT_AS = "people.identifier_key"


def keep_identifier_key(sessions: sessionmaker[Session], secret_key: str | None) -> None:
    """Every session of this application can hash identifiers; without a secret none can."""
    if secret_key:
        sessions.configure(info={_KEPT_AS: derived_key(secret_key)})


def derived_key(secret_key: str) -> bytes:
    """The key of identifiers, of no use for anything else that the secret protects."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"person identifiers").derive(secret_key.encode())


def key_of(session: Session) -> bytes:
    """The key, or `ServiceError`: an identifier is never stored without one."""
    key = session.info.get(_KEPT_AS)
    if not isinstance(key, bytes):
        raise ServiceError("set ROUTING_SECRET_KEY: identifiers are not stored unhashed")
    return key


def digest_of(key: bytes, identifier: Identifier) -> bytes:
    """The same for the same identifier under the same key, and for nothing else."""
    return hmac.digest(key, f"{identifier.kind}\0{identifier.value}".encode(), "sha256")
