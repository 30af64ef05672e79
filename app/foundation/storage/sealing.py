"""Encrypts values at rest with a key that the database does not hold, bound to one purpose and one place."""

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.foundation.errors import ServiceError
from app.foundation.storage.keys import derived_key

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens with one key.

    `label` names the place: a sealed value that was copied elsewhere cannot be opened.
    """

    key: bytes
    purpose: str

    def close(self, raw: bytes, label: str) -> bytes:
        """Returns the sealed bytes, different each time."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, raw, label.encode())

    def open(self, sealed: bytes, label: str) -> bytes:
        """Returns the original bytes. Raises `ServiceError` for another key, another label or changed bytes."""
        try:
            return AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], label.encode())
        except InvalidTag:
            raise ServiceError(
                f"{self.purpose}: cannot be opened, for ROUTING_SECRET_KEY is not the key it was sealed with"
            ) from None


def seal_for(purpose: str, secret_key: str | None) -> Seal:
    """Returns the seal of one purpose, derived from the deployment's secret key. Two purposes never share a key."""
    if not secret_key:
        raise ServiceError(f"{purpose}: set ROUTING_SECRET_KEY, nothing is stored unsealed")
    return Seal(derived_key(purpose, secret_key), purpose)
