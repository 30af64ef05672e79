"""Hashes identifiers with a key, so that the service can compare two of them and nobody can read one.

A plain hash is not enough: a machine can try every NHS number in seconds. The key is derived from the deployment's
secret and is not in the database. After a change of that secret, new hashes no longer match those stored before.
"""

import hmac

from sqlalchemy.orm import Session

from app.foundation.errors import ServiceError
from app.foundation.storage.keys import derived_key, secret_key_of
from app.people.identifiers import Identifier

PURPOSE = "person identifiers"


def identifier_key(session: Session) -> bytes:
    """Returns the key for hashing.

    Raises `ServiceError` without a secret: an identifier is never stored without a key.
    """
    secret_key = secret_key_of(session)
    if not secret_key:
        raise ServiceError("set ROUTING_SECRET_KEY: identifiers are not stored unhashed")
    return derived_key(PURPOSE, secret_key)


def digest_of(key: bytes, identifier: Identifier) -> bytes:
    """Returns the keyed hash: equal for equal identifiers of one kind under one key, and for nothing else."""
    # The kind is part of the message: equal digits of two kinds must not look like one identifier.
    return hmac.digest(key, f"{identifier.kind}\0{identifier.value}".encode(), "sha256")
