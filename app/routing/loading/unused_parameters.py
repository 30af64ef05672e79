"""Figures that nothing reads: a board could change one, and nothing would follow.

A figure counts when a rule, a due time or a sentence of the policy names it, or when code counts with it.
One that only people read is listed here with who reads it; any other is refused when the policy is loaded.
"""

import re
from collections.abc import Iterator, Mapping

from app.routing.loading.overlay import TomlTables
from app.routing.policy.faults import Faults

COUNTED_WITH = frozenset(
    {
        "count_asb_as_incident",
        "incident_count_scope",
        "lookback_excludes_custody",
        "minutes_working_days",
        "repeat_anchor",
        "repeat_behaviour",
    }
)
"""What is counted or dated before the rules are asked and named by none of them."""

_CALENDAR = "the co-ordinator, who sets up the calendar of meetings by it"
_MAPPA = "the MAPPA co-ordinator, who calls the meeting: its date is not set here"
READ_BY_PEOPLE: Mapping[str, str] = {
    "marac_cycle_days": _CALENDAR,
    "matac_cycle_days": _CALENDAR,
    "cutoff_working_days": _CALENDAR,
    "mappa_l2_first_working_days": _MAPPA,
    "mappa_l3_first_working_days": _MAPPA,
    "exclusion_requires_owner_confirmation": "everybody: it says what no area may change and code always does",
}


def check_unused_parameters(local: TomlTables, whole: TomlTables, faults: Faults) -> None:
    """Adds a fault for each figure that this file sets and nothing in the whole policy or the code reads."""
    for name in _unused(local, whole):
        faults.add(
            f"[param.{name}]",
            f"nothing reads parameter {name}: name it in a rule, a due time or a sentence, or leave it out",
        )


def _unused(local: TomlTables, whole: TomlTables) -> Iterator[str]:
    named = {word for part, held in whole.items() if part != "param" for word in _words(held)}
    read = named | COUNTED_WITH | READ_BY_PEOPLE.keys()
    figures = local.get("param")
    yield from (name for name in figures if name not in read) if isinstance(figures, dict) else ()


def _words(held: object) -> Iterator[str]:
    """Every word of every text in a table or a list."""
    if isinstance(held, str):
        yield from re.findall(r"\w+", held)
    elif isinstance(held, Mapping):
        for value in held.values():
            yield from _words(value)
    elif isinstance(held, list):
        for value in held:
            yield from _words(value)
