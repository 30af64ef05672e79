"""Turns: PostgreSQL advisory locks by name, so that transactions work on one thing one after another."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import Session


def take_turn(session: Session, *names: str) -> None:
    """Waits until no other transaction holds the turn of these names, and holds it until this transaction ends.

    Where a transaction needs several turns it must take them in one order (sorted), or two could wait for each other.
    """
    # A row lock holds back changes of a row that is there; a turn also holds back who would insert the first one.
    session.execute(select(func.pg_advisory_xact_lock(_key(names))))


def take_turn_if_free(session: Session, *names: str) -> bool:
    """Returns whether this transaction got the turn. Never waits: for work that another worker does already."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_key(names)))))


@contextmanager
def turn_on_connection(connection: Connection, *names: str) -> Iterator[None]:
    """Holds the turn over several transactions of one connection, for migrations that commit between steps."""
    # A lock of the session: it outlives the commits between the steps. After an exception the connection ends it.
    connection.execute(select(func.pg_advisory_lock(_key(names))))
    connection.commit()
    yield
    # Whatever the work left open must end first: in a failed transaction the unlock would be refused.
    connection.rollback()
    connection.execute(select(func.pg_advisory_unlock(_key(names))))
    connection.commit()


def _key(names: tuple[str, ...]) -> ColumnElement[int]:
    # One 64-bit key space serves the whole database. The separator keeps ("a", "bc") apart from ("ab", "c").
    return func.hashtextextended("\x1f".join(names), 0)
