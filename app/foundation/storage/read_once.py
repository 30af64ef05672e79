"""Keeps what one transaction has read, so that the same question is asked of the database once."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session, SessionTransaction

from app.foundation.storage.database import ROW_SCOPE

_READ = "read_once"


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read, in which transaction or savepoint, under which row scope."""

    transaction: SessionTransaction | None
    scope: object
    kept: dict[str, Any] = field(default_factory=dict)


def read_once(session: Session) -> dict[str, Any]:
    """Returns what this transaction has kept so far; each name belongs to the room that keeps it.

    It is empty after a commit, at both ends of a savepoint, under another row scope and after `read_anew`.
    """
    transaction = session.get_nested_transaction() or session.get_transaction()
    scope = session.connection().info.get(ROW_SCOPE)
    read: _Read | None = session.info.get(_READ)
    if read is None or read.transaction is not transaction or read.scope != scope:
        read = session.info[_READ] = _Read(transaction, scope)
    return read.kept


def read_anew(session: Session) -> None:
    """Drops what was kept. Call it after a change of what is kept, and after a wait for another transaction's lock."""
    session.info.pop(_READ, None)
