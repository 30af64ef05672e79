"""Reads `ladder.toml` and refuses a ladder that cannot be followed."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from app.reminders.deadline import Deadline
from app.reminders.ladder import OWNER, WEEK, Ladder, LadderRepeat, LadderStep
from app.vocabulary import Role

KINDS = ("standard", "life_safety_date", "life_safety_hours")
TAGS = {"L", "G", "B", "I"}
DISTANCES = ("working_days", "days", "hours")


class UnusableLadder(ValueError):
    """The ladder file cannot be followed. The message names the table and the rung."""


@dataclass(frozen=True, slots=True)
class Ladders:
    """The ladders by kind, and an area's own where it has any."""

    everywhere: dict[str, Ladder]
    by_area: dict[str, dict[str, Ladder]]

    def for_deadline(self, area: str, due: Deadline) -> Ladder:
        """Returns the ladder of a deadline in this area: the area's own if it has one of that kind."""
        kind = "standard"
        if due.life_safety:
            kind = "life_safety_date" if due.at is None else "life_safety_hours"
        return self.by_area.get(area, {}).get(kind) or self.everywhere[kind]


@lru_cache
def ladders() -> Ladders:
    """Returns the ladders that this service ships, read once."""
    return read_ladders(files("app.reminders").joinpath("ladder.toml").read_text(encoding="utf-8"))


def read_ladders(written: str) -> Ladders:
    """Returns the ladders in a file's text. Raises `UnusableLadder`."""
    table = tomllib.loads(written)
    version = str(table["version"])
    everywhere = {kind: _ladder(version, kind, table[kind]) for kind in KINDS}
    by_area = {
        area: {kind: _ladder(f"{version}/{area}", f"area.{area}.{kind}", row) for kind, row in own.items()}
        for area, own in table.get("area", {}).items()
    }
    return Ladders(everywhere, by_area)


def _ladder(version: str, name: str, row: dict[str, Any]) -> Ladder:
    if row.get("tag") not in TAGS or not row.get("source"):
        raise UnusableLadder(f"[{name}] needs a `tag` ({', '.join(sorted(TAGS))}) and a `source`")
    if name.rsplit(".", 1)[-1] not in KINDS:
        raise UnusableLadder(f"[{name}] is not a kind of ladder; there are {', '.join(KINDS)}")
    steps = tuple(_step(name, step) for step in row["steps"])
    numbers = [step.rung for step in steps]
    if not numbers or numbers != sorted(set(numbers)) or numbers[0] < 1:
        raise UnusableLadder(f"[{name}] needs rungs that rise from 1, each once; it has {numbers}")
    return Ladder(version, steps, _repeat(name, row.get("repeat", {})))


def _step(name: str, row: dict[str, Any]) -> LadderStep:
    where = f"[{name}] rung {row.get('rung')}"
    tells = _recipients(where, row)
    if sum(distance in row for distance in DISTANCES) != 1:
        raise UnusableLadder(f"{where} needs exactly one of {', '.join(DISTANCES)}")
    working_days, days, hours = (row.get(distance) for distance in DISTANCES)
    step = LadderStep(int(row["rung"]), tells, working_days, days, hours, danger=row.get("danger", False))
    if step.is_before_late and tells != (OWNER,):
        raise UnusableLadder(f"{where} comes before it is late: it must tell {OWNER} alone")
    return step


def _repeat(name: str, row: dict[str, Any]) -> LadderRepeat:
    where = f"[{name}] repeat"
    tells, days = _recipients(where, row), row.get("days", 0)
    first_tells = _recipients(where, {"tells": row["first_tells"]}) if "first_tells" in row else ()
    # Less would fire the next rung at once, without end; more would leave it unsaid for more than five working days.
    if not 1 <= days <= WEEK:
        raise UnusableLadder(f"{where} must come every 1 to {WEEK} `days`")
    return LadderRepeat(tells, days, row.get("danger", False), first_tells)


def _recipients(where: str, row: dict[str, Any]) -> tuple[str, ...]:
    """Returns the posts that a line of the ladder tells. Refuses unknown posts."""
    tells = tuple(row.get("tells", ()))
    if not tells or any(post != OWNER and post not in set(Role) for post in tells):
        raise UnusableLadder(f"{where} must tell OWNER or known roles; it tells {list(tells)}")
    return tells
