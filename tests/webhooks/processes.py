"""Worker processes of a test, and waiting for what they do."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.worker import Worker
from tests.webhooks.given import Deliveries

ROOT = Path(__file__).resolve().parents[2]


def start_worker(
    house: Deliveries, point: str = "never", passes: int = 0, lease_ms: int = 1000
) -> subprocess.Popen[bytes]:
    """A worker process over the test's database, doomed at `point` unless that is never reached."""
    url = house.engine.url.render_as_string(hide_password=False)
    env = os.environ | {"DATABASE": url, "SECRET": house.settings.secret_key or "", "PYTHONPATH": str(ROOT)}
    script = [sys.executable, "-m", "tests.webhooks.kills.doomed_worker", point, str(passes), str(lease_ms)]
    return subprocess.Popen(script, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def a_worker(house: Deliveries, **changes: int | str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that is killed when the block ends."""
    process = start_worker(house, **changes)  # type: ignore[arg-type]
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Returns as soon as it has happened; fails when it has not in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it has not happened in time"
        time.sleep(0.02)


@contextmanager
def a_worker_thread(house: Deliveries, lease_ms: int = 1000, **changes: Any) -> Iterator[Worker]:
    """A worker in this process, by the database's clock, that is stopped when the block ends."""
    worker = Worker(house.engine, house.settings, lease=timedelta(milliseconds=lease_ms), **changes)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(timeout=30)
