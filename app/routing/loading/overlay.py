"""Lays a local policy over the one that it extends.

Facts, questions and sources of the base stay. A parameter may change inside its limits. A rule, row, duty,
support or warning may be added, replaced or dropped unless it is locked. Every departure needs a reason and a
source. The result is one whole policy and is proved as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.routing.policy.faults import Faults
from app.routing.policy.types import Departure

TomlTables: TypeAlias = dict[str, object]
LISTS = ("rule", "victim_lead", "perpetrator_lead", "support", "duty", "warning")
_SECTIONS = {"policy", "source", "param", "drop", *LISTS}


@dataclass(frozen=True, slots=True)
class MergedTables:
    """The tables of the base with the local ones laid over them, and the departures from the base."""

    raw: TomlTables
    departures: tuple[Departure, ...]


def overlay(base: TomlTables, local: TomlTables, faults: Faults) -> MergedTables:
    """The merged tables. Adds a fault for each change that is not allowed or gives no reason or source."""
    for section in set(local) - _SECTIONS:
        faults.add(f"[{section}", f"an overlay may not change [{section}]")
    departures: list[Departure] = []
    merged: TomlTables = {**base, "policy": local["policy"]}
    merged["source"] = _with_new_sources(_tables(base, "source"), _tables(local, "source"), faults)
    merged["param"] = _with_changed_parameters(
        _tables(base, "param"), _tables(local, "param"), departures, faults
    )
    drops = _listed(local, "drop")
    for section in LISTS:
        merged[section] = _with_items(section, base, local, drops, departures, faults)
    dropped = {d.id for d in departures if d.now == "dropped"}
    for drop in drops:
        if drop.get("id") not in dropped:
            faults.add(str(drop.get("id")), f"there is no {drop.get('id')} to drop")
    return MergedTables(merged, tuple(departures))


def _tables(raw: TomlTables, section: str) -> dict[str, TomlTables]:
    held = raw.get(section, {})
    return held if isinstance(held, dict) else {}


def _listed(raw: TomlTables, section: str) -> list[TomlTables]:
    held = raw.get(section, [])
    return held if isinstance(held, list) else []


def _with_new_sources(
    base: Mapping[str, TomlTables], local: Mapping[str, TomlTables], faults: Faults
) -> TomlTables:
    for name in base.keys() & local.keys():
        faults.add(f"[source.{name}]", f"source {name} is the base's and may not be rewritten")
    return {**base, **local}


def _reason_and_source(table: TomlTables, place: str, faults: Faults) -> tuple[str, str]:
    reason, source = table.get("reason"), table.get("source")
    for key, value in (("reason", reason), ("source", source)):
        if not isinstance(value, str) or not value:
            faults.add(place, f"{place} departs from the base without a {key}")
    return str(reason or ""), str(source or "")


def _with_changed_parameters(
    base: Mapping[str, TomlTables],
    local: Mapping[str, TomlTables],
    departures: list[Departure],
    faults: Faults,
) -> TomlTables:
    merged: TomlTables = dict(base)
    for name, table in local.items():
        place = f"[param.{name}]"
        if name not in base:
            faults.add(place, f"parameter {name} does not exist in the base")
            continue
        reason, source = _reason_and_source(table, place, faults)
        if base[name].get("locked"):
            faults.add(place, f"parameter {name} is locked")
        for key in set(table) - {"value", "reason", "source"}:
            faults.add(place, f"an overlay may not change `{key}` of parameter {name}")
        was, now = base[name].get("value"), table.get("value")
        merged[name] = {**base[name], "value": now, "source": source, "tag": base[name].get("tag")}
        departures.append(Departure("param", name, str(was), str(now), reason, source))
    return merged


def _with_items(
    section: str,
    base: TomlTables,
    local: TomlTables,
    drops: list[TomlTables],
    departures: list[Departure],
    faults: Faults,
) -> list[TomlTables]:
    items = {str(item.get("id")): item for item in _listed(base, section)}
    for table in _listed(local, section):
        key = str(table.get("id"))
        reason, source = _reason_and_source(table, key, faults)
        _refuse_locked(items.get(key), key, faults)
        was = "replaced" if key in items else "added"
        departures.append(Departure(section, key, "" if was == "added" else "base", was, reason, source))
        items[key] = {name: value for name, value in table.items() if name != "reason"}
    for table in drops:
        key = str(table.get("id"))
        if key in items:
            reason, source = _reason_and_source(table, key, faults)
            _refuse_locked(items.pop(key), key, faults)
            departures.append(Departure(section, key, "base", "dropped", reason, source))
    return list(items.values())


def _refuse_locked(item: TomlTables | None, key: str, faults: Faults) -> None:
    if item is not None and item.get("locked"):
        faults.add(key, f"{key} is locked: no board may change or drop it")
