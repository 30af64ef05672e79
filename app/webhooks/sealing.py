"""Secrets at rest: sealed with a key that lives outside the database, bound to the endpoint they belong to."""

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.foundation.errors import ServiceError

NONCE_BYTES, KEY_BYTES = 12, 32


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens secrets with one key. `label` ties a sealed secret to its place: moved elsewhere, it stays shut."""

    key: bytes

    def close(self, raw: bytes, label: str) -> bytes:
        """The sealed bytes, different each time."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, raw, label.encode())

    def open(self, sealed: bytes, label: str) -> bytes:
        """The secret again, or `ServiceError` when the key is not the one it was sealed with."""
        try:
            return AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], label.encode())
        except InvalidTag:
            raise ServiceError(
                "a webhook secret cannot be opened: ROUTING_SECRET_KEY is not the key it was sealed with"
            ) from None


def seal_from(secret_key: str | None) -> Seal:
    """The seal made from the deployment's secret key."""
    if not secret_key:
        raise ServiceError("set ROUTING_SECRET_KEY: webhook secrets are not stored unsealed")
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"webhook secrets").derive(secret_key.encode())
    return Seal(derived)
