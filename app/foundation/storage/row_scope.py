"""Opens a row scope: says to the database whose rows the transaction works with, and proves that it may say so.

The proof is made with a key that is derived from the deployment's secret. The database holds the same key in a table
that only its own functions read, so neither the service's login alone nor SQL that reaches a statement widens a scope.
"""

import hashlib
import hmac

from sqlalchemy import Connection, LargeBinary, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import ROW_SCOPE, ROW_SCOPE_KEY, Base, row_scope_key
from app.foundation.storage.guards import Guards

_BLOCK_BYTES = 64  # of SHA-256
_BETWEEN = "\x1f"


class RowScopeKey(Base):
    """What HMAC-SHA-256 (RFC 2104) mixes into its two blocks, from the key: one row. The service cannot read it."""

    __tablename__ = "row_scope_key"
    __guards__ = Guards(may="", kept="SELECT")

    inner_block: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    outer_block: Mapped[bytes] = mapped_column(LargeBinary)


def keep_row_scope_key(owner: Connection, secret_key: str) -> None:
    """Stores the key by which the database knows this deployment, in place of an earlier one."""
    padded = row_scope_key(secret_key).ljust(_BLOCK_BYTES, b"\0")
    blocks = {"inner_block": bytes(b ^ 0x36 for b in padded), "outer_block": bytes(b ^ 0x5C for b in padded)}
    # The same key stays untouched, so that processes that start at once do not stand in each other's way.
    owner.execute(delete(RowScopeKey).where(RowScopeKey.inner_block != blocks["inner_block"]))
    owner.execute(insert(RowScopeKey).values(blocks).on_conflict_do_nothing())


def open_row_scope(connection: Connection, kind: str, agency: str, areas: str) -> None:
    """Opens the scope until this transaction ends, in place of the one that was open.

    PostgreSQL refuses it when the engine carries another secret key than the database knows.
    """
    # One proof for each connection: what another one said opens nothing here.
    backend = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    key: bytes = connection.get_execution_options().get(ROW_SCOPE_KEY, b"")
    proof = row_scope_proof(key, backend, kind, agency, areas)
    connection.execute(select(func.open_row_scope(kind, agency, areas, proof)))
    connection.info[ROW_SCOPE] = (kind, agency, areas)


def row_scope_proof(key: bytes, backend: int, kind: str, agency: str, areas: str) -> str:
    """Returns the proof with which the scope of these words is opened on the connection of that backend."""
    words = _BETWEEN.join(("open", str(backend), kind, agency, areas))
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
