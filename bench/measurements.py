"""Saves the figures of tests, proofs and benchmarks, each as a small JSON file in a folder that is not in git."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".data" / "figures"


def save_measurement(name: str, size: int, figures: Mapping[str, float | str], folder: Path = FOLDER) -> None:
    """Saves the figures under this name with today's date, unless a larger measurement saved its own before."""
    before = saved_measurement(name, folder)
    if before and before["size"] > size:
        return
    folder.mkdir(parents=True, exist_ok=True)
    measured = {"measured_on": datetime.now(UTC).date().isoformat(), "size": size} | dict(figures)
    (folder / f"{name}.json").write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


def saved_measurement(name: str, folder: Path = FOLDER) -> dict[str, Any] | None:
    """The figures that are saved under this name, or None."""
    file = folder / f"{name}.json"
    found: dict[str, Any] | None = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    return found
