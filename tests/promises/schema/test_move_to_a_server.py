"""The embedded database moves to another server by a dump and a restore, and nothing is lost or loosened."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from app.database_checks import faults
from app.foundation.storage.database import make_engine
from app.foundation.storage.dumping import dump_database
from app.foundation.storage.embedded import postgres_programs
from app.foundation.storage.logins import OWNER_LOGIN, SERVICE_LOGIN, as_login, make_logins
from app.foundation.storage.migrate import current_revision, head_revision
from app.startup import migrate_as_owner
from tests.given import Callers, a_serial_perpetrator
from tests.postgres import SECRET_KEY

TARGET = "moved_here"


@pytest.fixture
def target(server_url: str) -> Iterator[str]:
    """An empty database, on the server named by `MOVE_TO_DATABASE_URL` when that is set."""
    given = os.environ.get("MOVE_TO_DATABASE_URL", server_url)
    admin = create_engine(make_url(given).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {TARGET} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {TARGET}"))
    url = make_url(given).set(database=TARGET).render_as_string(hide_password=False)
    make_logins(url)
    yield url
    admin.dispose()


def test_dump_and_restore_keep_every_row_and_every_guard(
    callers: Callers, migrations_url: str, owner_engine: Engine, target: str, tmp_path: Path
) -> None:
    callers.hub.post("/v1/referrals", a_serial_perpetrator()).raise_for_status()
    dump = tmp_path / "routing.dump"
    dump.write_text("".join(dump_database(migrations_url)), encoding="utf-8")

    restore(as_login(target, OWNER_LOGIN), dump)

    migrate_as_owner(as_login(target, OWNER_LOGIN), SECRET_KEY)
    moved = make_engine(target)
    assert _counts(moved) == _counts(owner_engine)
    assert current_revision(moved) == head_revision()
    with moved.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("DELETE FROM referral"))
    moved.dispose()
    service = make_engine(as_login(target, SERVICE_LOGIN), secret_key=SECRET_KEY)
    assert list(faults(service)) == []
    service.dispose()


def restore(url: str, dump: Path) -> None:
    psql = postgres_programs()[18] / "psql"
    given = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    run = subprocess.run(
        [psql, given, "-q", "-v", "ON_ERROR_STOP=1", "-f", dump], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return {table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0 for table in tables}
