"""Plays the year on an embedded PostgreSQL of its own and writes docs/year.md from what its rows say.

    python -m bench.year --scale 1 --minutes 60

The rows stay in `.data/year`; `--page-only` counts them again. Where the minutes do not hold the year, the page says
how many weeks were played.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from app.foundation.clock import london_instant
from app.foundation.storage.database import make_engine, make_sessions
from app.foundation.working_days import working_days_of
from app.vocabulary import Nation
from bench.measurements import ROOT
from bench.year.behaviour import Behaviour, read_behaviour
from bench.year.counting import read_rows
from bench.year.figures import figures_of, played_of
from bench.year.page import charts, page
from bench.year.running import ROWS, TOLD, database, play

FOLDER = ROOT / ".data" / "year"
PAGE, BESIDE = ROOT / "docs" / "year.md", ROOT / "docs" / "year"
KEPT = BESIDE / "figures.json"


def counted(folder: Path, behaviour: Behaviour) -> dict[str, Any]:
    """What was played in the folder and assumed in it, and the figures of its rows."""
    told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    measured = played_of(told, working_days_of(Nation.ENGLAND), behaviour.warm_up_weeks)
    with database(folder / ROWS) as url:
        engine = make_engine(url)  # the administrator, whom row security does not bind
        with make_sessions(engine).begin() as session:
            rows = read_rows(session, london_instant(measured.first, 0))
        engine.dispose()
    return {"play": told | behaviour.assumed(), "figures": figures_of(rows, measured)}


def write(kept: dict[str, Any], page_file: Path = PAGE, beside: Path = BESIDE) -> None:
    """Writes the page, its charts, and the figures that both are made from."""
    beside.mkdir(exist_ok=True)
    (beside / KEPT.name).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    page_file.write_text(page(kept["play"], kept["figures"]), encoding="utf-8")
    for name, drawn in charts(kept["figures"]).items():
        (beside / name).write_text(drawn, encoding="utf-8")


def main() -> None:
    """Plays, counts and writes what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1, help="share of a force of 1,700 MARAC cases")
    parser.add_argument("--minutes", type=float, default=60, help="how long to play at most")
    parser.add_argument("--weeks", type=int, help="how many weeks to play at most")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the rows are kept")
    parser.add_argument("--page-only", action="store_true", help="count the rows that are there")
    asked = parser.parse_args()
    if not asked.page_only:
        play(asked.folder, asked.scale, asked.minutes, asked.weeks)
    write(counted(asked.folder, read_behaviour()))


if __name__ == "__main__":
    main()
