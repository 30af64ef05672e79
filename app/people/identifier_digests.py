"""Hashes identifiers with a key, so that the service can compare two of them and nobody can read one.

A plain hash is not enough: a machine can try every NHS number in seconds. The key is derived from the deployment's
secret and is not in the database. After a change of that secret, new hashes no longer match those stored before.
"""

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.errors import ServiceError
from app.people.identifiers import Identifier

KEY_BYTES = 32
_INFO_KEY = "people.identifier_key"


def configure_identifier_key(sessions: sessionmaker[Session], secret_key: str | None) -> None:
    """Gives every session of this application the key for hashing identifiers; without a secret it gives none."""
    if secret_key:
        # `configure` replaces the whole dict, so what other rooms put there is copied.
        info = {**sessions.kw.get("info", {}), _INFO_KEY: derived_key(secret_key)}
        sessions.configure(info=info)


def derived_key(secret_key: str) -> bytes:
    """The key for identifiers. It is separate from every other key that is derived from the same secret."""
    # No salt: every server with this secret must derive the same key.
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"person identifiers").derive(secret_key.encode())


def identifier_key(session: Session) -> bytes:
    """The session's key. Raises `ServiceError` when there is none: an identifier is never stored without a key."""
    key = session.info.get(_INFO_KEY)
    if not isinstance(key, bytes):
        raise ServiceError("set ROUTING_SECRET_KEY: identifiers are not stored unhashed")
    return key


def digest_of(key: bytes, identifier: Identifier) -> bytes:
    """The keyed hash: equal for equal identifiers of one kind under one key, and for nothing else."""
    # The kind is part of the message: equal digits of two kinds must not look like one identifier.
    return hmac.digest(key, f"{identifier.kind}\0{identifier.value}".encode(), "sha256")
