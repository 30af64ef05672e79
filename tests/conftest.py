"""What all tests stand on: a real PostgreSQL, migrated once and emptied for each test, and a clock that can be set."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from starlette.datastructures import State

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_engine, make_sessions
from app.foundation.storage.embedded import give_this_user_a_runtime_dir
from app.foundation.storage.logins import OWNER_LOGIN, SERVICE_LOGIN, as_login
from app.main import assemble, connect
from tests.given import Caller, Callers
from tests.limits import NO_LIMITS
from tests.postgres import SECRET_KEY, Postgres, a_copy, a_postgres, empty_tables

# No example fails because the machine is busy: an absolute time is no property of the code.
hypothesis.settings.register_profile("whatever the machine", deadline=None)
hypothesis.settings.load_profile("whatever the machine")
give_this_user_a_runtime_dir()  # before any test module imports the wheel

SHARED = pytest.StashKey[Postgres]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """With `-n`, the one server of the run stands before its processes start, and goes after they have ended."""
    until_the_end = ExitStack()
    config.stash[SHARED] = until_the_end.enter_context(a_postgres())
    config.add_cleanup(until_the_end.close)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a process of the run where the server is."""
    node.workerinput["postgres"] = asdict(node.config.stash[SHARED])


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """The server of the run that this process is part of, otherwise one of its own."""
    shared = getattr(request.config, "workerinput", {}).get("postgres")
    if shared:
        yield Postgres(**shared)
        return
    with a_postgres() as own:
        yield own


@pytest.fixture(scope="session")
def server_url(postgres: Postgres) -> str:
    """The server under test."""
    return postgres.url


@pytest.fixture(scope="session")
def administrator_url(postgres: Postgres) -> Iterator[str]:
    """A migrated database of this process's own, for what neither owner nor service may do."""
    with a_copy(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def database_url(administrator_url: str) -> str:
    """The same database with the service's login."""
    return as_login(administrator_url, SERVICE_LOGIN)


@pytest.fixture(scope="session")
def migrations_url(administrator_url: str) -> str:
    """The same database with the login that owns its tables."""
    return as_login(administrator_url, OWNER_LOGIN)


@pytest.fixture(scope="session")
def owner_engine(administrator_url: str) -> Iterator[Engine]:
    """Connects as the server's administrator, whom neither grants nor row security bind."""
    engine = make_engine(administrator_url, pool_size=3)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def app_engine(database_url: str) -> Iterator[Engine]:
    """Connects as the service does: with a login that owns nothing."""
    engine = make_engine(database_url, secret_key=SECRET_KEY)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(app_engine: Engine, owner_engine: Engine) -> Engine:
    """The service's engine over empty tables."""
    empty_tables(owner_engine)
    return app_engine


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


@pytest.fixture
def clock() -> SettableClock:
    """A Tuesday morning in March 2026."""
    return SettableClock(datetime(2026, 3, 10, 9, 30, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    # A test plays months while the clock that counts calls stands still.
    return Settings(
        data_dir=tmp_path, secret_key=SECRET_KEY, allow_loopback_http=True, development_sign_in=True, **NO_LIMITS
    )


@pytest.fixture(scope="session")
def assembled() -> FastAPI:
    """The routes and middleware, which remember nothing. FastAPI takes up to 150 ms to prepare them."""
    return assemble()


@pytest.fixture
def app(assembled: FastAPI, engine: Engine, settings: Settings, clock: SettableClock) -> Iterator[FastAPI]:
    """The service with the settings, database and clock of this test, and nothing left of the test before."""
    assembled.state = State()
    connect(assembled, settings, engine, clock)
    yield assembled
    assembled.dependency_overrides.clear()


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
