"""Encrypts the texts that a perpetrator must never learn. Each sealed text opens only for its own referral."""

from sqlalchemy.orm import Session, sessionmaker

from app.foundation.errors import ServiceError
from app.foundation.storage.sealing import Seal, seal_for

PURPOSE = "not for disclosure"
_INFO_KEY = "referrals.seal"


def configure_sealing_key(sessions: sessionmaker[Session], secret_key: str | None) -> None:
    """Gives every session of this application the sealing key; without a secret it gives none."""
    if secret_key:
        # `configure` replaces the whole dict, so what other rooms put there is copied.
        info = {**sessions.kw.get("info", {}), _INFO_KEY: seal_for(PURPOSE, secret_key)}
        sessions.configure(info=info)


def seal(session: Session, text: str, referral_id: str) -> bytes:
    """The sealed text; it differs each time. It does not open on another referral's row."""
    return _seal(session).close(text.encode(), referral_id)


def unseal(session: Session, sealed: bytes, referral_id: str) -> str:
    """The original text. Raises `ServiceError` when the key is not the one it was sealed with."""
    return _seal(session).open(sealed, referral_id).decode()


def _seal(session: Session) -> Seal:
    kept = session.info.get(_INFO_KEY)
    if not isinstance(kept, Seal):
        raise ServiceError(f"{PURPOSE}: set ROUTING_SECRET_KEY, nothing is stored unsealed")
    return kept
