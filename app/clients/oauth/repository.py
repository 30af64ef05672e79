"""The queries of the token endpoint: the service's signing keys, and the assertions that were used."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.key_models import TokenSigningKey
from app.clients.oauth.models import UsedAssertion


def living_signing_keys(session: Session, now: datetime) -> Sequence[TokenSigningKey]:
    """Returns the signing keys that have not ended, the newest first."""
    living = or_(TokenSigningKey.ends_at.is_(None), TokenSigningKey.ends_at > now)
    query = select(TokenSigningKey).where(living).order_by(TokenSigningKey.signs_from.desc(), TokenSigningKey.kid)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def use_assertion(session: Session, client_id: str, jti_hash: bytes, ends_at: datetime) -> bool:
    """Returns whether this is the first use. A second use at once waits until the first has committed."""
    row = {"client_id": client_id, "jti_hash": jti_hash, "ends_at": ends_at}
    used = insert(UsedAssertion).values(row).on_conflict_do_nothing().returning(UsedAssertion.client_id)
    return session.execute(used).first() is not None


def forget_used_assertions(session: Session, before: datetime) -> int:
    """Removes the assertions that had ended before then, and returns how many there were."""
    gone = session.execute(delete(UsedAssertion).where(UsedAssertion.ends_at < before))
    return cast("CursorResult[object]", gone).rowcount
