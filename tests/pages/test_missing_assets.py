"""A service without its stylesheets and scripts does not start, and says in one line what to run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.pages.rendering.assets import VENDORED, require_assets
from tests.node import ROOT


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """A folder in which every file is."""
    for name in VENDORED:
        (tmp_path / name).touch()
    return tmp_path


def test_nothing_is_said_when_every_file_is_there(vendor: Path) -> None:
    require_assets(vendor)
    require_assets()


@pytest.mark.parametrize("name", VENDORED)
def test_missing_file_ends_the_process_with_its_name_and_what_to_run(vendor: Path, name: str) -> None:
    (vendor / name).unlink()
    with pytest.raises(SystemExit, match=re.escape(f"{vendor} lacks {name}: run `make assets`")):
        require_assets(vendor)


@pytest.mark.parametrize("command", ["serve", "run"])
def test_command_without_the_files_says_one_line_and_touches_no_database(tmp_path: Path, command: str) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    data = tmp_path / "data"
    given = {
        "ROUTING_SECRET_KEY": "0" * 64,
        "ROUTING_ENVIRONMENT": "production",
        "ROUTING_DATA_DIR": str(data),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", command],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lacking = f"{tmp_path}/app/pages/static/vendor lacks {', '.join(VENDORED)}"
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"{lacking}: run `make assets`\n"
    assert not data.exists()
