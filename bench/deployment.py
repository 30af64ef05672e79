"""A deployment of the real service on a PostgreSQL of its own.

It is migrated, one area is set up, and its processes run from the command line.
"""

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text

from app.demo.demo_area import DemoArea, create_demo_area
from app.foundation.settings import Settings
from app.foundation.storage.database import make_engine, make_sessions
from app.foundation.storage.embedded import start_embedded
from app.foundation.storage.logins import OWNER_LOGIN, SERVICE_LOGIN, as_login, make_logins
from app.startup import migrate_as_owner
from bench.callers import ask
from tests.limits import NO_LIMITS

ROOT = Path(__file__).resolve().parents[1]
AREA = "ANYTOWN"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Deployment:
    """A database with one area set up. `owner` connects as the administrator, `engine` as the service does."""

    url: str
    folder: Path
    engine: Engine
    owner: Engine
    furnished: DemoArea
    secret_key: str = field(repr=False)

    @property
    def settings(self) -> Settings:
        return Settings(
            database_url=self.url,
            data_dir=self.folder,
            secret_key=self.secret_key,
            allow_loopback_http=True,
            **NO_LIMITS,
        )

    def environment(self, port: int) -> dict[str, str]:
        """The environment of a process of the service."""
        own = {
            "DATABASE_URL": self.url,
            "ROUTING_PORT": str(port),
            "ROUTING_DATA_DIR": str(self.folder),
            "ROUTING_SECRET_KEY": self.secret_key,
            "ROUTING_ALLOW_LOOPBACK_HTTP": "true",
            **{f"ROUTING_{name.upper()}": str(most) for name, most in NO_LIMITS.items()},
        }
        return os.environ | own

    def settle(self) -> None:
        """Refreshes the planner's statistics and takes a checkpoint, so that every block begins alike."""
        with self.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))


@contextmanager
def temporary_deployment() -> Iterator[Deployment]:
    """A fresh embedded server in a temporary folder, removed when the block ends."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server = start_embedded(folder)
        try:
            administrator_url = str(server.get_uri())
            make_logins(administrator_url)
            secret_key = secrets.token_hex(32)
            migrate_as_owner(as_login(administrator_url, OWNER_LOGIN), secret_key)
            owner = make_engine(administrator_url, pool_size=2)
            url = as_login(administrator_url, SERVICE_LOGIN)
            engine = make_engine(url, secret_key=secret_key)
            with make_sessions(engine).begin() as session:
                furnished = create_demo_area(session, AREA, "national-baseline", datetime.now(UTC))
            yield Deployment(url, folder, engine, owner, furnished, secret_key)
            engine.dispose()
            owner.dispose()
        finally:
            server.cleanup()


def another_database(deployment: Deployment, name: str) -> str:
    """The address of an empty database on the same server."""
    url = deployment.owner.url
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return make_url(deployment.url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def service_process(deployment: Deployment, command: str, port: int = 0) -> Iterator[int]:
    """The id of a process of the service, from its own command line, until the block ends."""
    with (deployment.folder / f"{command}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", command],
            cwd=ROOT,
            env=deployment.environment(port or 8000),
            stdout=log,
            stderr=log,
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait()


@contextmanager
def web_process(deployment: Deployment) -> Iterator[int]:
    """The port at which one web process answers."""
    port = free_port()
    with service_process(deployment, "serve", port):
        wait_for_port(port)
        ready = b"GET /health/ready HTTP/1.1\r\nhost: bench\r\n\r\n"
        asyncio.run(ask(port, ready))
        yield port


def free_port() -> int:
    """A loopback port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for_port(port: int) -> None:
    """Returns once somebody listens there; `TimeoutError` when nobody does in time."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nobody listens at port {port}") from None
            time.sleep(0.05)
        else:
            return
