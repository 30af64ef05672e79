"""Encrypts the texts that a perpetrator must never learn. Each sealed text opens only for its own referral."""

from sqlalchemy.orm import Session

from app.foundation.storage.keys import secret_key_of
from app.foundation.storage.sealing import Seal, seal_for

PURPOSE = "not for disclosure"


def seal(session: Session, text: str, referral_id: str) -> bytes:
    """Returns the sealed text; it differs each time. It does not open on another referral's row."""
    return _seal(session).close(text.encode(), referral_id)


def unseal(session: Session, sealed: bytes, referral_id: str) -> str:
    """Returns the original text. Raises `ServiceError` when the key is not the one it was sealed with."""
    return _seal(session).open(sealed, referral_id).decode()


def _seal(session: Session) -> Seal:
    return seal_for(PURPOSE, secret_key_of(session))
