"""Standard Webhooks signatures, `v1` (shared secret) and `v1a` (key pair). Pure: bytes in, headers out.

Source: the Standard Webhooks specification; `id.timestamp.body` is what is signed, so that neither an old call nor
another event's signature can be replayed.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.webhooks.vocabulary import SecretKind

SECRET_PREFIX, PUBLIC_PREFIX = "whsec_", "whpk_"
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Raw key material, and until when it signs (None for the current key)."""

    kind: SecretKind
    # Not in the representation: a log of a target or a traceback must not show a key.
    raw: bytes = field(repr=False)
    expires_at: datetime | None


def signed_headers(event_id: str, body: bytes, keys: Sequence[SigningKey], now: datetime) -> dict[str, str]:
    """Signs in three headers, with every key that has not expired, the newest first, so that a rotation has no gap."""
    timestamp = str(int(now.timestamp()))
    content = b".".join((event_id.encode(), timestamp.encode(), body))
    valid = [key for key in keys if key.expires_at is None or key.expires_at > now]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(key, content) for key in valid),
    }


def hmcts_headers(endpoint_id: str, body: bytes, key: SigningKey) -> dict[str, str]:
    """Returns the two headers that receivers built for HMCTS subscriptions verify, sent beside the standard ones.

    They sign the body alone and so cannot show age: receivers should move to the standard headers.
    """
    digest = hmac.new(key.raw, body, hashlib.sha256).digest()
    return {"x-key-id": endpoint_id, "x-signature": base64.b64encode(digest).decode()}


def shown_secret(raw: bytes) -> str:
    """Returns a shared secret as its owner is shown it, once."""
    return SECRET_PREFIX + base64.b64encode(raw).decode()


def public_half(raw: bytes) -> str:
    """Returns the public key of a `v1a` pair, in the form that the receiver's verifier takes."""
    public = Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()
    return PUBLIC_PREFIX + base64.b64encode(public).decode()


def _signature(key: SigningKey, content: bytes) -> str:
    if key.kind is SecretKind.V1A:
        signature = Ed25519PrivateKey.from_private_bytes(key.raw).sign(content)
    else:
        signature = hmac.new(key.raw, content, hashlib.sha256).digest()
    return f"{key.kind},{base64.b64encode(signature).decode()}"
