"""The PostgreSQL under test: one server and one migrated template for a run, one database for each process of it.

Addresses here are the administrator's, who makes and drops databases; `as_login` gives the owner's and the service's.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from app.foundation.storage.embedded import start_embedded
from app.foundation.storage.logins import OWNER_LOGIN, SERVICE_LOGIN, as_login, make_logins
from app.foundation.storage.row_scope import open_row_scope
from app.startup import migrate_as_owner

SECRET_KEY = "0" * 64  # of the deployment under test
EMPTY_EVERY_TABLE = text("""
DO $$
DECLARE
    names text[] := ARRAY(
        SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'row_scope_key')
    );
    name text;
BEGIN
    EXECUTE 'LOCK TABLE ' || array_to_string(names, ', ');  -- waits for whoever still writes
    FOREACH name IN ARRAY names LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
""")


@dataclass(frozen=True, slots=True)
class Postgres:
    """The address of a running server, and the name of the migrated database on it that every other is a copy of."""

    url: str
    template: str


@contextmanager
def a_postgres() -> Iterator[Postgres]:
    """A server with its template, both gone afterwards."""
    with _a_server() as url, _a_database(url) as template:
        make_logins_with_passwords(_url_of(url, template))
        migrated_by_owner(_url_of(url, template))
        yield Postgres(url, template)


@contextmanager
def a_copy(postgres: Postgres) -> Iterator[str]:
    """The address of a migrated and empty database, dropped afterwards."""
    with _a_database(postgres.url, f"{postgres.template} OWNER {OWNER_LOGIN}") as name:
        yield _url_of(postgres.url, name)


@contextmanager
def an_empty_database(postgres: Postgres) -> Iterator[str]:
    """The address of a database without any table, dropped afterwards."""
    with _a_database(postgres.url) as name:
        make_logins(_url_of(postgres.url, name))
        yield _url_of(postgres.url, name)


def migrated_by_owner(administrator_url: str) -> None:
    """Migrates the database as a deployment does: with the login that owns it."""
    migrate_as_owner(as_login(administrator_url, OWNER_LOGIN), SECRET_KEY)


def make_logins_with_passwords(administrator_url: str) -> None:
    """Makes the logins, with the administrator's password where the server under test asks for one."""
    make_logins(administrator_url)
    password = make_url(administrator_url).password
    if password:
        administrator = _administrator(administrator_url)
        with administrator.connect() as connection:
            for login in (OWNER_LOGIN, SERVICE_LOGIN):
                connection.exec_driver_sql(
                    sql.SQL("ALTER ROLE {} PASSWORD {}")
                    .format(sql.Identifier(login), sql.Literal(password))
                    .as_string()
                )
        administrator.dispose()


def see_every_row(connection: Connection) -> None:
    """Opens the widest row scope until the transaction ends, as the service's own workers do."""
    open_row_scope(connection, "system", "", "")


def empty_tables(administrator: Engine) -> None:
    """Empties every table and starts every number anew.

    Replication mode lets the administrator past the append-only triggers, which the service cannot. DELETE is used
    and not TRUNCATE, which writes 200 new files each time and takes ten times as long.
    """
    with administrator.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(EMPTY_EVERY_TABLE)


@contextmanager
def _a_server() -> Iterator[str]:
    """The server named by `TEST_DATABASE_URL`, otherwise the embedded one in a folder of its own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="rr-"))
    server = start_embedded(folder)
    url = str(server.get_uri())
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _a_database(url: str, template: str = "template1") -> Iterator[str]:
    """The name of a copy of `template`, dropped afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    admin = _administrator(url)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield name
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _administrator(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")


def _url_of(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)
