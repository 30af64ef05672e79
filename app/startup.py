"""Starts the service: prepares the database, runs web and worker processes, or everything in one process for a demo.

The module is long because it lists every way to start.
"""

import json
import secrets
import socket
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine
from uvicorn.supervisors import Multiprocess

from app.database_checks import refuse_faults, refuse_missing_roles, refuse_unknown_revision
from app.demo.demo_area import DemoArea, create_demo_area
from app.demo.report import report
from app.demo.seed import first_referral, post_demo_referrals
from app.foundation.settings import Settings
from app.foundation.storage.addresses import migrations_url, service_url
from app.foundation.storage.database import make_engine, make_sessions, transaction
from app.foundation.storage.embedded import start_embedded
from app.foundation.storage.logins import OWNER_LOGIN, SERVICE_LOGIN, as_login, make_logins
from app.foundation.storage.migrate import migrate
from app.foundation.storage.row_scope import keep_row_scope_key
from app.main import create_app
from app.pages.rendering.assets import require_assets
from app.pages.sign_in.provider import provider_of, refuse_unproved_sign_in
from app.policies.registry import keep_shipped_texts
from app.worker import Worker

DEMO_AREA = "ANYTOWN"


def with_secret_key(settings: Settings) -> Settings:
    """Returns the settings with a secret key: the given one, or in development one that is kept in the data folder.

    Ends the process in production when none is set.
    """
    if settings.secret_key is not None:
        return settings
    if settings.environment == "production":
        raise SystemExit("set ROUTING_SECRET_KEY (32 characters or more): webhook secrets are sealed with it")
    kept = settings.data_dir / "secret-key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        _write_private(kept, secrets.token_hex(32))
    return settings.model_copy(update={"secret_key": kept.read_text(encoding="utf-8")})


def _write_private(path: Path, content: str) -> None:
    # The mode first: written and then restricted, the content could be read by others for a moment.
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")


def prepared_engine(settings: Settings) -> Engine:
    """Makes the schema current, checks login and server, stores the policies' texts; returns the service's engine.

    It migrates only where it is given the owner's login: always on the embedded server.
    """
    owner_url = migrations_url(settings)
    if owner_url is not None:
        migrate_as_owner(owner_url, settings.secret_key)
    engine = make_engine(service_url(settings), secret_key=settings.secret_key, pool_size=settings.pool_size)
    refuse_faults(engine)
    with transaction(make_sessions(engine)) as session:
        keep_shipped_texts(session, datetime.now(UTC))
    return engine


def migrate_as_owner(url: str, secret_key: str | None) -> None:
    """Migrates the database with the owner's login, and lets it know whose proofs of a row scope hold."""
    owner = make_engine(url, pool_size=1)
    refuse_unknown_revision(owner)
    refuse_missing_roles(owner)
    migrate(owner)
    if secret_key:
        with owner.begin() as connection:
            keep_row_scope_key(connection, secret_key)
    owner.dispose()


def replay_jean_review() -> str:
    """Replays the Jean review day by day on an embedded PostgreSQL of its own, and returns the report."""
    with tempfile.TemporaryDirectory(prefix="jean-") as folder:
        server = start_embedded(Path(folder))
        try:
            engine = _migrated(str(server.get_uri()))
            replayed = report(engine)
            engine.dispose()
        finally:
            server.cleanup()
    return replayed


def _migrated(administrator_url: str) -> Engine:
    make_logins(administrator_url)
    secret_key = secrets.token_hex(32)
    migrate_as_owner(as_login(administrator_url, OWNER_LOGIN), secret_key)
    return make_engine(as_login(administrator_url, SERVICE_LOGIN), secret_key=secret_key)


def application() -> FastAPI:
    """Makes the web application; each uvicorn worker calls it for its own."""
    require_assets()
    settings = with_secret_key(Settings())
    refuse_unproved_sign_in(settings)
    engine = make_engine(service_url(settings), secret_key=settings.secret_key, pool_size=settings.pool_size)
    return create_app(settings, engine)


def serve_web(settings: Settings, workers: int) -> None:
    """Runs web processes until a signal. The worker runs elsewhere."""
    require_assets()
    refuse_unproved_sign_in(settings)
    prepared_engine(settings).dispose()
    config = uvicorn.Config(
        "app.startup:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=workers,
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=25,
    )
    sock = config.bind_socket()
    # Every accepted connection inherits it. Without it each answer waits about 40 ms for the peer's acknowledgement.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if workers == 1:
        uvicorn.Server(config).run(sockets=[sock])
    else:
        Multiprocess(config, sockets=[sock]).run()


def work_forever(settings: Settings) -> None:
    """Runs one worker until a signal. Any number may run side by side."""
    Worker(prepared_engine(settings), settings).run_until_signalled()


def run_everything(settings: Settings) -> None:
    """Runs web and worker in this process over the embedded database, with a small demonstration."""
    require_assets()
    refuse_unproved_sign_in(settings)
    # Without a provider the demonstration's people are chosen by name; production was refused above.
    chosen = settings.development_sign_in or provider_of(settings) is None
    settings = settings.model_copy(update={"allow_loopback_http": True, "development_sign_in": chosen})
    settings = settings.model_copy(update={"port": _free_port(settings)})
    engine = prepared_engine(settings)
    app = create_app(settings, engine)
    keys = _demo_keys(settings, engine, app)
    worker = Worker(engine, settings)
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    print(_welcome(settings, keys, datetime.now(UTC)), flush=True)  # noqa: T201 - the command's whole point
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        server_header=False,
        access_log=False,
        log_level="warning",
    )
    worker.stop()
    thread.join(timeout=30)


def _free_port(settings: Settings) -> int:
    """Returns the port of the settings, or another free one when that is taken."""
    with socket.socket() as probe:
        if probe.connect_ex((settings.host, settings.port)) != 0:
            return settings.port
    with socket.socket() as probe:
        probe.bind((settings.host, 0))
        return int(probe.getsockname()[1])


def _demo_keys(settings: Settings, engine: Engine, app: FastAPI) -> dict[str, str]:
    """Returns the demonstration's API keys: made at the first start, read from their file afterwards."""
    kept = settings.data_dir / "demo-keys.json"
    if kept.exists():
        keys: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        return keys
    with transaction(make_sessions(engine)) as session:
        furnished: DemoArea = create_demo_area(session, DEMO_AREA, "national-baseline", datetime.now(UTC))
    post_demo_referrals(app, furnished, datetime.now(UTC))
    _write_private(kept, json.dumps(dict(furnished.keys)))
    return dict(furnished.keys)


def _welcome(settings: Settings, keys: dict[str, str], now: datetime) -> str:
    url = f"http://{settings.host}:{settings.port}"
    # Each print has a reference of its own: the same one with another body would be refused.
    reference = f"TRY-{secrets.token_hex(4).upper()}"
    body = json.dumps({**first_referral(now), "source_reference": reference}, indent=2)
    return f"""
Referral routing is running at {url}

  The board        {url}/board         sign in as one of the posts, such as "Anytown marac coordinator"
  API reference    {url}/docs

Post a referral with the key of the hub's system and read its routing decision:

curl -sS {url}/v1/referrals \\
  -H 'Authorization: Bearer {keys["hub"]}' \\
  -H 'Content-Type: application/json' \\
  -H "Idempotency-Key: try-$(date +%s)" \\
  -d '{body}'

All people here are synthetic. Stop with Ctrl-C; the data stays in {settings.data_dir}/ for the next start.
"""
