"""Joins the lists that several statements give of one thing: one entry for each child, order, conviction and so on."""

from collections.abc import Sequence
from typing import Any, TypeAlias

Entry: TypeAlias = dict[str, Any]

# What makes two entries of a list one thing. A list that is not here is a plain list of values.
KEYS: dict[str, tuple[str, ...]] = {
    "perpetrator.convictions": ("offence", "convicted_on"),
    "perpetrator.licences": ("kind", "service", "starts_on"),
    "perpetrator.escalations": ("kind", "observed_on", "ref"),
    "perpetrator.custody_periods": ("from_on",),
    "orders": ("kind", "protected_ref", "starts_on"),
    "children": ("ref",),
    "claims": ("forum", "claimed_by"),
    "must_not_be_told": ("who", "reason"),
}
# True about an entry protects more than false, except here: a caution leads to less than a conviction does.
_FALSE_STANDS = frozenset({"caution"})


def joined(part: str, lists: Sequence[Sequence[Entry]]) -> list[Entry]:
    """Returns every entry of every list once, the oldest first.

    Of a later list the newer values stand, and true over false.
    """
    keys = KEYS[part]
    found: dict[tuple[Any, ...], Entry] = {}
    for entry in (entry for each in lists for entry in each):
        key = tuple(entry.get(name) for name in keys)
        found[key] = _completed(found.get(key, {}), entry)
    return list(found.values())


def _completed(earlier: Entry, later: Entry) -> Entry:
    return earlier | {name: _value(name, earlier.get(name), value) for name, value in later.items()}


def _value(name: str, earlier: Any, later: Any) -> Any:  # noqa: ANN401 - whatever the entry holds
    if later is None or earlier is None:
        return earlier if later is None else later
    if isinstance(later, bool) and isinstance(earlier, bool):
        return earlier and later if name in _FALSE_STANDS else earlier or later
    return later
