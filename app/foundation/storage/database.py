"""PostgreSQL: one engine, one session per request, one transaction, committed before the answer.

The service's login owns nothing (`logins.py`), so that grants, triggers and row security bind the service itself too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum as PythonEnum
from typing import Any, ClassVar

from fastapi import Request
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    Engine,
    Enum,
    MetaData,
    Table,
    Text,
    create_engine,
    func,
    make_url,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from app.foundation.storage.guards import Guards, RowSecurity
from app.foundation.storage.keys import derived_key

NAMED_ON_ROW = "row_is_visible(area, agencies)"
ROW_SCOPE_KEY = "row_scope_key"
ROW_SCOPE = "row_scope"
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def values_of(words: type[PythonEnum]) -> list[str]:
    """Returns what is stored of an enum: the values of its members and not their names."""
    return [str(word.value) for word in words]


class Base(DeclarativeBase):
    """The root of every table. Instants are stored with their zone; names follow one convention.

    Each table declares its `__guards__`, and `__row_security__` when row security guards it.
    """

    __guards__: ClassVar[Guards]
    __row_security__: ClassVar[RowSecurity | None] = None
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it once
        datetime: DateTime(timezone=True),
        # Text with a check, not a type of PostgreSQL: a type's words can be added to but never removed.
        PythonEnum: Enum(PythonEnum, native_enum=False, length=None, values_callable=values_of),
    }

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own options
        """Keeps the guards with the table, and makes PostgreSQL refuse a word that a column's enum does not hold."""
        super().__init_subclass__(**options)
        table = cls.__table__
        assert isinstance(table, Table)  # noqa: S101 - every class here is mapped to a table of its own
        table.info |= {"guards": cls.__guards__, "row_security": cls.__row_security__}
        named = {constraint.name for constraint in table.constraints}
        for column in table.columns:
            stated = f"ck_{table.name}_{column.name}" in named  # such as fewer words than the enum holds
            if isinstance(column.type, Enum) and not stated and not column.info.get("grows"):
                words = ", ".join(f"'{word}'" for word in column.type.enums)
                # SQLAlchemy's own constraint is named for the enum, and two columns of a table may have the same one.
                table.append_constraint(CheckConstraint(f"{column.name} IN ({words})", name=column.name))


class Guarded:
    """A row that row security guards: seen by its area's co-ordinators and by the agencies named on it."""

    __row_security__: ClassVar[RowSecurity | None] = RowSecurity(NAMED_ON_ROW)
    area: Mapped[str] = mapped_column(Text)
    agencies: Mapped[list[str]] = mapped_column(ARRAY(Text))


def connection_options() -> str:
    """Returns what each connection is opened with: UTC, 8 s at most for a lock, 10 s for a statement."""
    # The wait for a lock ends first, so that it is reported as a wait and not as a slow statement.
    settings = {"TimeZone": "UTC", "lock_timeout": "8s", "statement_timeout": "10s"}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def row_scope_key(secret_key: str) -> bytes:
    """Returns the key that proves to the database that a row scope is opened by this deployment."""
    return derived_key("row scope", secret_key)


def make_engine(url: str, *, secret_key: str | None = None, pool_size: int = 10) -> Engine:
    """Returns an engine whose connections are in UTC and give up a lock after 8 s and a statement after 10 s.

    Without the secret key its sessions can open no row scope.
    """
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=5,
        pool_timeout=10,
        # After a restart of the server, a stale connection is replaced instead of failing a request.
        pool_pre_ping=True,
        execution_options={ROW_SCOPE_KEY: row_scope_key(secret_key)} if secret_key else {},
        connect_args={"options": connection_options(), "connect_timeout": 5},
    )


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Returns a factory of sessions that reload and flush only when they are told to."""
    # With autoflush any query could send pending rows under a wider row scope than the one they were made under.
    return sessionmaker(engine, expire_on_commit=False, autoflush=False)


def get_session(request: Request) -> Iterator[Session]:
    """Yields the request's one transaction.

    Use with `Depends(get_session, scope="function")`: it commits before the answer.
    """
    with request.app.state.sessions.begin() as session:
        yield session


@contextmanager
def transaction(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Opens one transaction outside a request and commits it at the end: for the worker and the command line."""
    with sessions.begin() as session:
        yield session


def database_now(session: Session) -> datetime:
    """Returns the database's clock, in UTC.

    Workers measure leases and waits by it: it is the only clock that workers on several machines share.
    """
    # clock_timestamp, not now(): now() stands still at the beginning of the transaction.
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now
