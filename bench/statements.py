"""Records the SQL statements that the service executes, and runs them again with the bare driver."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from app.foundation.storage.row_scope import row_scope_proof


@dataclass(frozen=True, slots=True)
class ExecutedStatement:
    """One statement with its values, as the driver got them."""

    statement: str
    values: Mapping[str, object]

    @property
    def is_read(self) -> bool:
        return self.statement.lstrip().upper().startswith("SELECT")


@contextmanager
def recorded_statements(engine: Engine) -> Iterator[list[ExecutedStatement]]:
    """A list that grows with every executed statement until the block ends. A batch counts once."""
    executed: list[ExecutedStatement] = []

    def listen(_connection: Connection, _cursor: object, statement: str, values: object, *_: object) -> None:
        executed.append(ExecutedStatement(statement, values if isinstance(values, Mapping) else {}))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield executed
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def replay_reads(key: bytes, connection: psycopg.Connection, reads: list[ExecutedStatement]) -> None:
    """Runs the same reads in one transaction and fetches every row. A row scope is opened with a proof of its own."""
    with connection.transaction():
        for read in reads:
            values = read.values
            if "open_row_scope(" in read.statement:
                *names, proof = values
                words = [str(values[name]) for name in names]
                values = {**values, proof: row_scope_proof(key, connection.info.backend_pid, *words)}
            connection.execute(read.statement.encode(), values).fetchall()
