"""The import contracts of .importlinter.toml hold."""

import subprocess
import sys
from pathlib import Path


def test_rooms_import_only_what_stands_below_them() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", ".importlinter.toml"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )

    assert run.returncode == 0, run.stdout
