"""Reads the dated lines of law of a policy, and checks that no day has two values and none lacks one that it needs."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

from app.routing.loading.definitions import PolicyDefinitions, checked_source
from app.routing.policy.faults import Faults
from app.routing.policy.grammar import NameType, describe_type, fits
from app.routing.policy.toml_entries import Entry, entries
from app.routing.policy.types import DatedLine, FactType, Policy, Silence, Value


def read_dated_lines(
    raw: Mapping[str, object], definitions: PolicyDefinitions, faults: Faults
) -> tuple[DatedLine, ...]:
    """Returns the lines in the order of the file. Adds a fault for each that is wrong."""
    return tuple(_line(entry, definitions) for entry in entries(raw, "law", faults))


def _line(entry: Entry, definitions: PolicyDefinitions) -> DatedLine:
    name, in_force, until = entry.text("fact"), _day(entry, "in_force"), _day(entry, "until")
    if in_force is None:
        entry.fault("`in_force` must say the first day of the line")
    elif until is not None and until < in_force:
        entry.fault("ends before it begins", "until")
    line = DatedLine(
        entry.name,
        name,
        _value(entry, definitions.facts.get(name)),
        in_force or date.max,
        until,
        entry.text("says"),
        checked_source(entry, definitions.sources),
    )
    for known in ("id", "locked"):
        entry.any_value(known)
    entry.done()
    return line


def _day(entry: Entry, key: str) -> date | None:
    value = entry.any_value(key)
    if value is None or type(value) is date:
        return value
    entry.fault(f"`{key}` must be a day such as 2026-11-24", key)
    return None


def _value(entry: Entry, fact: FactType | None) -> Value:
    value = entry.any_value("value")
    if fact is None:
        entry.fault("`fact` is not a fact of this policy", "fact")
        return False
    allowed = NameType(fact.kind, fact.low, fact.high, fact.values)
    if isinstance(value, (bool, int, str)) and fits(value, allowed):
        return value
    entry.fault(f"`value` is not one that {fact.name} can have: {describe_type(allowed)}", "value")
    return False


def check_dated_lines(policy: Policy, faults: Faults) -> None:
    """Adds a fault where two lines of a fact share a day, and where a fact that is not asked for has a day without."""
    for name in dict.fromkeys(line.fact for line in policy.law):
        lines = sorted((line for line in policy.law if line.fact == name), key=lambda line: line.in_force)
        _check_overlap(lines, faults)
        if policy.facts[name].silence is not Silence.ASK:
            _check_gaps(policy, lines, faults)


def _check_overlap(lines: list[DatedLine], faults: Faults) -> None:
    for earlier, later in pairwise(lines):
        if earlier.until is None or later.in_force <= earlier.until:
            message = f"{later.id} begins on {later.in_force}, while {earlier.id} still says what {later.fact} is"
            faults.add(later.id, message)


def _check_gaps(policy: Policy, lines: list[DatedLine], faults: Faults) -> None:
    """Adds a fault for the first day from the policy's own beginning that no line covers."""
    day: date | None = policy.in_force.date()
    for line in lines:
        if day is not None and line.covers(day):
            day = None if line.until is None else line.until + timedelta(days=1)
    if day is not None:
        name = lines[0].fact
        faults.add(lines[0].id, f"no line says what {name} is on {day}, and nobody is asked for it")
