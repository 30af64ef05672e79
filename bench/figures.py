"""The figures that tests, proofs and benchmarks leave, each a small JSON file in a folder that is not kept in git."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".data" / "figures"


def leave_figures(name: str, size: int, figures: Mapping[str, float | str], folder: Path = FOLDER) -> None:
    """The figures stand under this name, with the day of the measurement, unless a larger form left its own before."""
    before = figures_left(name, folder)
    if before and before["size"] > size:
        return
    folder.mkdir(parents=True, exist_ok=True)
    measured = {"measured_on": datetime.now(UTC).date().isoformat(), "size": size} | dict(figures)
    (folder / f"{name}.json").write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


def figures_left(name: str, folder: Path = FOLDER) -> dict[str, Any] | None:
    """What stands under this name, or None."""
    file = folder / f"{name}.json"
    found: dict[str, Any] | None = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    return found
