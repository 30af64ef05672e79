"""What the service says to its database, heard while it answers, and said again by the bare driver."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Said:
    """One statement with its values, as the driver got them."""

    statement: str
    values: Mapping[str, object]

    @property
    def is_read(self) -> bool:
        return self.statement.lstrip().upper().startswith("SELECT")


@contextmanager
def heard(engine: Engine) -> Iterator[list[Said]]:
    """Grows with every statement that is executed until the block ends. A batch counts once."""
    said: list[Said] = []

    def listen(_connection: Connection, _cursor: object, statement: str, values: object, *_: object) -> None:
        said.append(Said(statement, values if isinstance(values, Mapping) else {}))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def say_again(connection: psycopg.Connection, reads: list[Said]) -> None:
    """The same reads in one transaction, every row fetched."""
    with connection.transaction():
        for read in reads:
            connection.execute(read.statement.encode(), read.values).fetchall()
