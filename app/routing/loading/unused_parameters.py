"""Refuses a parameter that nothing reads: a board could change it without effect.

A parameter is read when a rule, a due rule or a sentence names it, or when code counts with it. Those that
only people read are listed here with their readers.
"""

import re
from collections.abc import Iterator, Mapping

from app.routing.facts.answers.markers import MARKERS
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
        *MARKERS.values(),
    }
)
"""Parameters with which code counts or dates something; no part of a policy names them."""

_CALENDAR = "the co-ordinator, who sets the calendar of meetings by it"
_MAPPA = "the MAPPA co-ordinator, who calls the meeting: its date is not set here"
READ_BY_PEOPLE: Mapping[str, str] = {
    "marac_cycle_days": _CALENDAR,
    "matac_cycle_days": _CALENDAR,
    "cutoff_working_days": _CALENDAR,
    "mappa_l2_first_working_days": _MAPPA,
    "mappa_l3_first_working_days": _MAPPA,
    "exclusion_requires_owner_confirmation": "everybody: it states what code always does and no area may change",
}


def check_unused_parameters(local: TomlTables, whole: TomlTables, faults: Faults) -> None:
    """Adds a fault for each parameter that this file sets and that neither the whole policy nor the code reads."""
    for name in _unused(local, whole):
        faults.add(
            f"[param.{name}]",
            f"nothing reads parameter {name}: name it in a rule, a due time or a sentence, or leave it out",
        )


def _unused(local: TomlTables, whole: TomlTables) -> Iterator[str]:
    named = {word for part, held in whole.items() if part != "param" for word in _words(held)}
    read = named | COUNTED_WITH | READ_BY_PEOPLE.keys()
    set_here = local.get("param")
    yield from (name for name in set_here if name not in read) if isinstance(set_here, dict) else ()


def _words(held: object) -> Iterator[str]:
    """Yields every word of every text in a table or a list."""
    if isinstance(held, str):
        yield from re.findall(r"\w+", held)
    elif isinstance(held, Mapping):
        for value in held.values():
            yield from _words(value)
    elif isinstance(held, list):
        for value in held:
            yield from _words(value)
