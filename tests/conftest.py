"""What every test stands on: a real PostgreSQL, migrated once and emptied for each test, and a clock that can be set."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_engine, make_sessions
from app.foundation.storage.embedded import give_this_user_a_runtime_dir, start_embedded
from app.foundation.storage.migrate import migrate
from app.main import create_app
from tests.given import Caller, Callers

give_this_user_a_runtime_dir()  # before any test module imports the wheel


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The server under test: `TEST_DATABASE_URL` when set, otherwise the embedded one in a folder of its own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="rr-"))
    server = start_embedded(folder)
    yield str(server.get_uri())
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(server_url: str) -> Iterator[str]:
    """A migrated database of this run's own."""
    name = f"test_{secrets.token_hex(6)}"
    admin = create_engine(
        make_url(server_url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    owner = make_engine(url, role=None)
    migrate(owner)
    owner.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def owner_engine(database_url: str) -> Iterator[Engine]:
    """Connects as the owner, for what the service itself may not do."""
    engine = make_engine(database_url, role=None, pool_size=3)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def app_engine(database_url: str) -> Iterator[Engine]:
    """Connects as the service does: as a role that owns nothing."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(app_engine: Engine, owner_engine: Engine) -> Engine:
    """The service's engine over empty tables."""
    empty_tables(owner_engine)
    return app_engine


def empty_tables(owner: Engine) -> None:
    """Every table is empty. Replication mode lets the owner past the append-only triggers, which the service cannot."""
    with owner.begin() as connection:
        names = connection.scalars(
            text(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
        ).all()
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


@pytest.fixture
def clock() -> SettableClock:
    """A Tuesday morning in March 2026."""
    return SettableClock(datetime(2026, 3, 10, 9, 30, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, secret_key="0" * 64, allow_loopback_http=True)


@pytest.fixture
def app(engine: Engine, settings: Settings, clock: SettableClock) -> FastAPI:
    return create_app(settings, engine, clock)


@pytest.fixture
def http(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def callers(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock) -> Callers:
    """A furnished area called ANYTOWN, routed by the national baseline, and everyone who calls in it."""
    with sessions.begin() as session:
        furnished = create_demo_area(session, "ANYTOWN", "national-baseline", clock.now())
    return Callers(**{name: Caller(http, key) for name, key in furnished.keys.items()})
