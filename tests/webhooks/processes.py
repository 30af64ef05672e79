"""Starts worker processes and threads for a test, and waits for what they do."""

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
from tests.webhooks.builders import DeliverySetup

ROOT = Path(__file__).resolve().parents[2]


def start_worker(
    setup: DeliverySetup, point: str = "never", passes: int = 0, lease_ms: int = 1000
) -> subprocess.Popen[bytes]:
    """Starts a worker process over the test's database. It kills itself at `point`, if it reaches it."""
    url = setup.engine.url.render_as_string(hide_password=False)
    env = os.environ | {"DATABASE": url, "SECRET": setup.settings.secret_key or "", "PYTHONPATH": str(ROOT)}
    script = [sys.executable, "-m", "tests.webhooks.kills.doomed_worker", point, str(passes), str(lease_ms)]
    return subprocess.Popen(script, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def a_worker(setup: DeliverySetup, **changes: int | str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that is killed when the block ends."""
    process = start_worker(setup, **changes)  # type: ignore[arg-type]
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Returns as soon as `happened` is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it has not happened in time"
        time.sleep(0.02)


@contextmanager
def a_worker_thread(setup: DeliverySetup, lease_ms: int = 1000, **changes: Any) -> Iterator[Worker]:
    """A worker in this process, by the database's clock, that is stopped when the block ends."""
    worker = Worker(setup.engine, setup.settings, lease=timedelta(milliseconds=lease_ms), **changes)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(timeout=30)
