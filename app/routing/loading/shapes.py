"""Refuses a part of a policy that is written in a shape nobody reads: it would vanish without a word.

`[rule]` is a table where a list is expected, and a second part of the same id would take the place of the first.
"""

import re
from collections.abc import Iterator, Mapping

from app.routing.policy.faults import Faults

LISTS = ("rule", "victim_lead", "perpetrator_lead", "support", "duty", "warning", "law", "drop")
"""The sections whose parts are written one by one, each under `[[section]]` with an id of its own."""

TABLES = ("source", "param", "fact", "outcome")
"""The sections whose parts are tables, each under its name."""


def check_shapes(raw: Mapping[str, object], faults: Faults) -> None:
    """Adds a fault, with its line, for each section and part that has not the shape in which it is read."""
    if not isinstance(raw.get("policy", {}), dict):
        faults.add("policy", "`policy` must be a table: [policy]")
    for section in LISTS:
        _check_list(section, raw.get(section, []), faults)
    for section in TABLES:
        _check_tables(section, raw.get(section, {}), faults)


def _check_list(section: str, held: object, faults: Faults) -> None:
    if not isinstance(held, list):
        wrong = f"write [[{section}]], in double brackets: [{section}] is read by nobody"
        faults.add_at(_first_line(rf"\[?\s*{_quoted(section)}\s*[\].=]", faults), wrong)
        return
    seen: set[str] = set()
    for nth, part in enumerate(held):
        wrong = _wrong_part(section, part, seen)
        if wrong:
            faults.add_at(_line_of(section, nth, faults), wrong)


def _wrong_part(section: str, part: object, seen: set[str]) -> str:
    """Returns what is wrong with one part of a list, or nothing, and remembers its id."""
    if not isinstance(part, dict):
        return f"`{section}` holds {part!r}, which is not a table: write [[{section}]]"
    name = part.get("id")
    if not isinstance(name, str) or not name:
        return f"[[{section}]] needs an `id` that is a text"
    if name in seen:
        return f"the id {name} is used more than once: of two [[{section}]] the first would be lost"
    seen.add(name)
    return ""


def _line_of(section: str, nth: int, faults: Faults) -> int:
    """Returns the line of the part: of its header, else of the list that is written in one line."""
    headers = [*faults.lines_like(re.compile(rf"\s*\[\[\s*{_quoted(section)}\s*\]\]"))]
    return headers[nth] if nth < len(headers) else _first_line(rf"{_quoted(section)}\s*=", faults)


def _first_line(pattern: str, faults: Faults) -> int:
    return next(faults.lines_like(re.compile(rf"\s*{pattern}")), 1)


def _quoted(section: str) -> str:
    return rf"""["']?{section}["']?"""


def _check_tables(section: str, held: object, faults: Faults) -> None:
    if not isinstance(held, dict):
        faults.add(section, f"`{section}` must be a table of tables: [{section}]")
        return
    for name in _not_tables(held):
        faults.add(f"[{section}.{name}]", f"{section}.{name} must be a table, such as {name} = {{ ... }}")


def _not_tables(held: Mapping[str, object]) -> Iterator[str]:
    return (name for name, part in held.items() if not isinstance(part, dict))
