"""What he must never learn, at rest, each text bound to its referral."""

from sqlalchemy.orm import Session, sessionmaker

from app.foundation.errors import ServiceError
from app.foundation.storage.sealing import Seal, seal_for

PURPOSE = "not for disclosure"
_KEPT_AS = "referrals.seal"


def keep_sealing_key(sessions: sessionmaker[Session], secret_key: str | None) -> None:
    """Every session of this application can seal and open; without a secret none can."""
    if secret_key:
        info = {**sessions.kw.get("info", {}), _KEPT_AS: seal_for(PURPOSE, secret_key)}
        sessions.configure(info=info)


def seal(session: Session, text: str, referral_id: str) -> bytes:
    """The text sealed, different each time. Moved to another referral's row it stays shut."""
    return _seal(session).close(text.encode(), referral_id)


def unseal(session: Session, sealed: bytes, referral_id: str) -> str:
    """The text again, or `ServiceError` when the key is not the one it was sealed with."""
    return _seal(session).open(sealed, referral_id).decode()


def _seal(session: Session) -> Seal:
    kept = session.info.get(_KEPT_AS)
    if not isinstance(kept, Seal):
        raise ServiceError(f"{PURPOSE}: set ROUTING_SECRET_KEY, nothing is stored unsealed")
    return kept
