"""Lays a local policy over the one that it extends.

Facts, questions and sources of the base stay. A parameter may change inside its limits. A rule, row, duty, support,
warning or dated line of law may be added, replaced or dropped unless it is locked. Every departure needs a reason
and a source. The result is one whole policy and is proved as one.
"""

from dataclasses import dataclass
from typing import TypeAlias

from app.routing.policy.faults import Faults
from app.routing.policy.types import Departure

TomlTables: TypeAlias = dict[str, object]
_LISTS = ("rule", "victim_lead", "perpetrator_lead", "support", "duty", "warning", "law")
_SECTIONS = {"policy", "source", "param", "drop", *_LISTS}


@dataclass(frozen=True, slots=True)
class MergedTables:
    """The tables of the base with the local ones laid over them, and the departures from the base."""

    raw: TomlTables
    departures: tuple[Departure, ...]


def overlay(base: TomlTables, local: TomlTables, faults: Faults) -> MergedTables:
    """Returns the merged tables. Adds a fault for each change that is not allowed or gives no reason or source."""
    for section in set(local) - _SECTIONS:
        faults.add(f"[{section}", f"an overlay may not change [{section}]")
    return _Overlay(base, local, faults).merged()


class _Overlay:
    """One merge; collects the departures of the local policy as it finds them."""

    def __init__(self, base: TomlTables, local: TomlTables, faults: Faults) -> None:
        self._base, self._local, self._faults = base, local, faults
        self._departures: list[Departure] = []

    def merged(self) -> MergedTables:
        """Returns the tables of the base with the local ones laid over them."""
        merged: TomlTables = {**self._base, "policy": self._local["policy"]}
        merged["source"] = self._sources()
        merged["param"] = self._parameters()
        for section in _LISTS:
            merged[section] = self._parts(section)
        self._refuse_drops_of_nothing()
        return MergedTables(merged, tuple(self._departures))

    def _sources(self) -> TomlTables:
        base, local = _tables(self._base, "source"), _tables(self._local, "source")
        for name in base.keys() & local.keys():
            self._faults.add(f"[source.{name}]", f"source {name} is the base's and may not be rewritten")
        return {**base, **local}

    def _parameters(self) -> TomlTables:
        base = _tables(self._base, "param")
        merged: TomlTables = dict(base)
        for name, table in _tables(self._local, "param").items():
            if name not in base:
                self._faults.add(f"[param.{name}]", f"parameter {name} does not exist in the base")
                continue
            merged[name] = self._parameter(name, base[name], table)
        return merged

    def _parameter(self, name: str, base: TomlTables, local: TomlTables) -> TomlTables:
        place = f"[param.{name}]"
        reason, source = self._reason_and_source(local, place)
        if base.get("locked"):
            self._faults.add(place, f"parameter {name} is locked")
        for key in set(local) - {"value", "reason", "source"}:
            self._faults.add(place, f"an overlay may not change `{key}` of parameter {name}")
        was, now = base.get("value"), local.get("value")
        if type(was) is not type(now):
            self._faults.add(place, f"`value` of parameter {name} is {now!r}, and the base's is {was!r}: another kind")
        self._departures.append(Departure("param", name, str(was), str(now), reason, source))
        return {**base, "value": now, "source": source, "tag": base.get("tag")}

    def _parts(self, section: str) -> list[TomlTables]:
        parts = {str(part.get("id")): part for part in _listed(self._base, section)}
        for table in _listed(self._local, section):
            key = str(table.get("id"))
            reason, source = self._reason_and_source(table, key)
            self._refuse_locked(parts.get(key), key)
            was, now = ("base", "replaced") if key in parts else ("", "added")
            self._departures.append(Departure(section, key, was, now, reason, source))
            parts[key] = {name: value for name, value in table.items() if name != "reason"}
        own = {table.get("id") for table in _listed(self._local, section)}
        for table in _listed(self._local, "drop"):
            key = str(table.get("id"))
            if key in own:
                self._faults.add(key, f"{key} is written here and dropped here: which of the two is meant?")
            elif key in parts:
                reason, source = self._reason_and_source(table, key)
                self._refuse_locked(parts.pop(key), key)
                self._departures.append(Departure(section, key, "base", "dropped", reason, source))
        return list(parts.values())

    def _refuse_drops_of_nothing(self) -> None:
        dropped = {departure.id for departure in self._departures if departure.now == "dropped"}
        written = {part.get("id") for section in _LISTS for part in _listed(self._local, section)}
        for drop in _listed(self._local, "drop"):
            key = str(drop.get("id"))
            if key not in dropped | written:
                self._faults.add(key, f"there is no {key} to drop")
            for other in drop.keys() - {"id", "reason", "source"}:
                self._faults.add(key, f"[[drop]] {key} holds `{other}`, which nobody reads")

    def _reason_and_source(self, table: TomlTables, place: str) -> tuple[str, str]:
        reason, source = table.get("reason"), table.get("source")
        for key, value in (("reason", reason), ("source", source)):
            if not isinstance(value, str) or not value:
                self._faults.add(place, f"{place} departs from the base without a {key}")
        return str(reason or ""), str(source or "")

    def _refuse_locked(self, part: TomlTables | None, key: str) -> None:
        if part is not None and part.get("locked"):
            self._faults.add(key, f"{key} is locked: no board may change or drop it")


def _tables(raw: TomlTables, section: str) -> dict[str, TomlTables]:
    held = raw.get(section, {})
    return held if isinstance(held, dict) else {}


def _listed(raw: TomlTables, section: str) -> list[TomlTables]:
    held = raw.get(section, [])
    return held if isinstance(held, list) else []
