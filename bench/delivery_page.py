"""Writes docs/delivery.md: the goals of delivery, each with the measurement, whether it is met, and what shows it.

python -m bench.delivery_page
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measurements import ROOT, saved_measurement

GOALS, PAGE = ROOT / "docs" / "delivery.toml", ROOT / "docs" / "delivery.md"
HEAD = """# Delivery and reminders: the goals and what was measured

Made by `make delivery` from [delivery.toml](delivery.toml) and from the figures that `make test`, `make prove` and
`make bench` left; do not edit. **Ratios are the goals**: both sides ran in turns on the same machine. \
Figures of an absolute
kind (a second, a row a second) belong to one machine with two cores on the day in the last column.

| | Goal | Measured | Met | Shown by | On |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class DeliveryGoal:
    """One row of the page. `met_when`: field, `<=` or `>=`, bound; all must hold."""

    id: str
    goal: str
    shown_by: str
    figures: str
    figure: str
    met_when: Sequence[tuple[str, str, float]]
    says: str = ""

    def is_met(self, measured: Mapping[str, Any]) -> bool:
        """Whether these figures meet every bound of the goal."""
        return all(
            measured[name] <= bound if way == "<=" else measured[name] >= bound for name, way, bound in self.met_when
        )

    def row(self, measured: Mapping[str, Any] | None) -> str:
        """The row of the table. A goal that was not measured is not met."""
        if measured is None:
            found, met, day = "not measured yet", "no", ""
        else:
            found, met = self.figure.format(**measured), "yes" if self.is_met(measured) else "**no**"
            day = measured["measured_on"]
        return f"| {self.id} | {self.goal} | {found} | {met} | `{self.shown_by}` | {day} |"


def read_goals(path: Path = GOALS) -> list[DeliveryGoal]:
    """The rows in order."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    return [DeliveryGoal(**row) for row in written["goal"]]


def page(goals: Sequence[DeliveryGoal], measured: Mapping[str, Mapping[str, Any] | None]) -> str:
    """The whole page."""
    rows = [goal.row(measured.get(goal.figures)) for goal in goals]
    notes = [f"- **{goal.id}.** {goal.says}" for goal in goals if goal.says]
    return HEAD + "\n".join(rows) + "\n\n## Read with the table\n\n" + "\n".join(notes) + "\n"


def main() -> None:
    """Writes the page from the figures that are saved now."""
    goals = read_goals()
    PAGE.write_text(page(goals, {goal.figures: saved_measurement(goal.figures) for goal in goals}), encoding="utf-8")


if __name__ == "__main__":
    main()
