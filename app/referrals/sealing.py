"""What he must never learn, at rest: sealed with a key that lives outside the database, bound to its referral."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.errors import ServiceError

NONCE_BYTES, KEY_BYTES = 12, 32
_KEPT_AS = "referrals.sealing_key"


def keep_sealing_key(sessions: sessionmaker[Session], secret_key: str | None) -> None:
    """Every session of this application can seal and open; without a secret none can."""
    if secret_key:
        derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"not for disclosure").derive(secret_key.encode())
        sessions.configure(info={**sessions.kw.get("info", {}), _KEPT_AS: derived})


def seal(session: Session, text: str, referral_id: str) -> bytes:
    """The text sealed, different each time. Moved to another referral's row it stays shut."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(session)).encrypt(nonce, text.encode(), referral_id.encode())


def unseal(session: Session, sealed: bytes, referral_id: str) -> str:
    """The text again, or `ServiceError` when the key is not the one it was sealed with."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(_key(session)).decrypt(nonce, rest, referral_id.encode()).decode()
    except InvalidTag:
        raise ServiceError(
            "what is not for disclosure cannot be opened: ROUTING_SECRET_KEY is not the key it was sealed with"
        ) from None


def _key(session: Session) -> bytes:
    key = session.info.get(_KEPT_AS)
    if not isinstance(key, bytes):
        raise ServiceError("set ROUTING_SECRET_KEY: what is not for disclosure is not stored unsealed")
    return key
