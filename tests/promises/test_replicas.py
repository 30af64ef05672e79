"""Web and worker are separate processes, any number of each, on one PostgreSQL; killing one loses nothing."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.key_format import new_key
from app.access.models import Client
from app.access.service import add_key
from app.access.vocabulary import ClientKeyKind
from app.demo.demo_area import create_demo_area
from tests.given import a_referral
from tests.postgres import SECRET_KEY

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(database_url: str, *words: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"DATABASE_URL": database_url, "ROUTING_SECRET_KEY": SECRET_KEY, **settings}
    started = subprocess.Popen([sys.executable, "-m", "app.cli", *words], cwd=ROOT, env=environment)
    try:
        yield started
    finally:
        started.terminate()
        assert started.wait(timeout=40) in {0, -signal.SIGTERM}


def until_ready(url: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health/ready", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("the web processes were not ready within two minutes")


@pytest.fixture
def hub_key(sessions: sessionmaker[Session]) -> str:
    with sessions.begin() as session:
        return create_demo_area(session, "ANYTOWN", "national-baseline", datetime.now(UTC)).keys["hub"]


def post(url: str, key: str, number: int) -> int | None:
    """The status, or None when the connection was lost: then the hub does not know, and sends again."""
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"replica-{number}"}
    body = a_referral(f"R-{number}", victim={"ref": f"V-{number}"}, perpetrator={"ref": f"P-{number}"})
    try:
        return httpx.post(f"{url}/v1/referrals", json=body, headers=headers, timeout=20).status_code
    except httpx.TransportError:
        return None


def test_two_web_and_two_worker_processes_share_one_database(
    database_url: str, hub_key: str, owner_engine: Engine
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        process(database_url, "serve", "--workers", "2", ROUTING_PORT=str(port)),
        process(database_url, "worker"),
        process(database_url, "worker"),
    ):
        until_ready(url)
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(lambda number: post(url, hub_key, number), range(24)))

    assert statuses == [201] * 24
    assert _count(owner_engine, "referral") == 24


def test_killing_web_processes_under_load_loses_no_acknowledged_referral_and_doubles_none(
    database_url: str, hub_key: str, owner_engine: Engine
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with process(database_url, "serve", "--workers", "2", ROUTING_PORT=str(port)) as web:
        until_ready(url)
        with ThreadPoolExecutor(6) as pool:
            first = pool.map(lambda number: post(url, hub_key, number), range(40))
            for _ in range(3):
                time.sleep(0.4)
                _kill_one_child(web.pid)
            acknowledged = {number for number, status in enumerate(first) if status == 201}
            until_ready(url)
            unsure = set(range(40)) - acknowledged
            again = {number: post(url, hub_key, number) for number in unsure}

    assert set(again.values()) <= {201}, again
    with owner_engine.connect() as connection:
        stored = connection.scalars(text("SELECT source_reference FROM referral")).all()
    assert sorted(stored) == sorted(f"R-{number}" for number in range(40))
    assert _count(owner_engine, "decision") == 40
    assert _orphans(owner_engine) == 0


def test_suspension_holds_from_the_first_call_after_its_commit_on_each_of_two_web_processes(
    database_url: str, hub_key: str, sessions: sessionmaker[Session], owner_engine: Engine
) -> None:
    ports = (free_port(), free_port())
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    with (
        process(database_url, "serve", ROUTING_PORT=str(ports[0])),
        process(database_url, "serve", ROUTING_PORT=str(ports[1])),
    ):
        for url in urls:
            until_ready(url)
        token, key_id = a_token(urls[0], sessions)
        held = [status_with(url, each) for url in urls for each in (hub_key, token)]
        key_ended = suspended(owner_engine, "client_key", key_id)
        without_the_key = [status_with(url, token) for url in urls for _ in range(3)]
        client_ended = suspended(owner_engine, "client", key_id)
        without_the_client = [status_with(url, hub_key) for url in urls for _ in range(3)]

    assert held == [200] * 4
    assert (key_ended, without_the_key) == (1, [401] * 6)
    assert (client_ended, without_the_client) == (1, [401] * 6)


def a_token(url: str, sessions: sessionmaker[Session]) -> tuple[str, str]:
    """A token of the hub's client, which that process gave for a secret, and the id of the secret."""
    with sessions.begin() as session:
        client = session.scalars(select(Client).where(Client.role == "hub.referrer")).one()
        secret, now = new_key(ClientKeyKind.CLIENT_SECRET, "test"), datetime.now(UTC)
        kept = add_key(session, client.id, ClientKeyKind.CLIENT_SECRET, secret, (now, now + timedelta(days=1)))
        answer = (client.id, secret, kept.id)
    form = {"grant_type": "client_credentials"}
    given = httpx.post(f"{url}/oauth/token", data=form, auth=answer[:2], timeout=20).raise_for_status().json()
    return str(given["access_token"]), answer[2]


def status_with(url: str, proof: str) -> int:
    return httpx.get(f"{url}/v1/actions", headers={"Authorization": f"Bearer {proof}"}, timeout=20).status_code


def suspended(engine: Engine, table: str, key_id: str) -> int:
    """Suspends the key, or the client whose key it is. Returns how many rows that was, once it is committed."""
    column = {"client_key": "id", "client": "client_id"}[table]
    which = f"SELECT {column} FROM client_key WHERE id = :id"
    with engine.begin() as connection:
        statement = text(f"UPDATE {table} SET suspended_at = now() WHERE id IN ({which})")
        return int(connection.execute(statement, {"id": key_id}).rowcount)


def _kill_one_child(parent: int) -> None:
    """Kills one web process; one that is ending already does not count."""
    for child in psutil.Process(parent).children():
        if child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(child.cmdline()):
            child.kill()
            return


def _orphans(engine: Engine) -> int:
    """Referrals without a decision, an audit entry, an event or an owner for each need."""
    with engine.connect() as connection:
        return int(
            connection.scalar(
                text("""
                SELECT count(*) FROM referral r
                WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.referral_id = r.id)
                   OR NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.subject_id = r.id)
                   OR NOT EXISTS (SELECT 1 FROM event e WHERE e.subject_id = r.id)
                   OR 2 <> (SELECT count(*) FROM case_need cn JOIN need n ON n.id = cn.need_id
                            JOIN ownership o ON o.need_number = n.number AND upper_inf(o.during)
                            WHERE cn.case_id = r.case_id)
                """)
            )
            or 0
        )


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)
