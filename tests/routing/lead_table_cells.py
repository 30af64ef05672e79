"""Reads and runs cells of the lead tables: one combination of columns and the row that must apply.

The proof prints a gap or an overlap as a `[[cell]]`. Pasted beside the policy with the `row` that should
apply, it is a test.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.routing.engine.leads import VICTIM_LEAD
from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.conditions import is_met
from app.routing.policy.types import Policy


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of a table's columns. `row` is the id expected there, or None when none is."""

    name: str
    table: str
    given: Mapping[str, str]
    row: str | None


def read_cells(text: str) -> tuple[Cell, ...]:
    """The cells of an example file. Raises ValueError when one leaves a column out."""
    return tuple(_cell(table) for table in tomllib.loads(text).get("cell", []))


def _cell(table: Mapping[str, object]) -> Cell:
    given = table.get("given")
    columns = VICTIM_COLUMNS if table.get("table") == VICTIM_LEAD else PERPETRATOR_COLUMNS
    if not isinstance(given, dict) or given.keys() != columns.keys():
        raise ValueError(f"cell '{table.get('name')}' must give every column: {', '.join(columns)}")
    row = table.get("row")
    return Cell(str(table["name"]), str(table["table"]), given, None if row is None else str(row))


def rows_at(policy: Policy, cell: Cell) -> tuple[str, ...]:
    """The rows that apply in the cell: one in a proved policy, none or several in a broken one."""
    rows = policy.victim_rows if cell.table == VICTIM_LEAD else policy.perpetrator_rows
    return tuple(row.id for row in rows if all(is_met(c, cell.given[c.left]) for c in row.when))


def failing_cells(policy: Policy, cells: tuple[Cell, ...]) -> Iterator[str]:
    """One sentence for each cell in which another row applies than the one it names."""
    for cell in cells:
        found = rows_at(policy, cell)
        if cell.row is not None and found != (cell.row,):
            yield f"{cell.name}: expected {cell.row}, got {', '.join(found) or 'no row'}"
