"""What the dated lines of a policy say on a day."""

from collections.abc import Iterable
from datetime import date

from app.routing.policy.types import DatedLine, Fact


def facts_of_law(lines: Iterable[DatedLine], on: date) -> dict[str, Fact]:
    """Returns the value on that day of every fact that has dated lines; None, which is asked, where none is of it."""
    found: dict[str, Fact] = {}
    for line in lines:
        found[line.fact] = line.value if line.covers(on) else found.get(line.fact)
    return found
