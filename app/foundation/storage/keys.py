"""The deployment's secret key: sessions carry it, and each purpose has a key of its own that is derived from it.

The database holds neither. After a change of the secret, nothing sealed, hashed or signed before it opens or matches.
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session, sessionmaker

KEY_BYTES = 32
_INFO_KEY = "secret_key"


def carry_secret_key(sessions: sessionmaker[Session], secret_key: str | None) -> None:
    """Gives the secret key, or None where none is set, to every session of this application."""
    # `configure` replaces the whole dict, so what else stands there is copied.
    sessions.configure(info={**sessions.kw.get("info", {}), _INFO_KEY: secret_key})


def secret_key_of(carrier: Session | sessionmaker[Session]) -> str | None:
    """Returns the secret key that the session carries, or that each session of the factory will.

    None where none is set.
    """
    info = carrier.info if isinstance(carrier, Session) else carrier.kw.get("info", {})
    secret_key: str | None = info.get(_INFO_KEY)
    return secret_key


def derived_key(purpose: str, secret_key: str) -> bytes:
    """Returns the key of one purpose. Two purposes never share a key."""
    # No salt: every server with this secret must derive the same key.
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(secret_key.encode())
