"""Fits the lines of a message into its bytes: what does not fit whole is counted by its case; nothing is dropped."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.outbox.service import plain
from app.reminders.informing.entries import DigestEntry, Written, by_case, written_count

INBOX = "/v1/inbox"


@dataclass(frozen=True, slots=True)
class FittedLines:
    """What a message says: lines in full, counts of further cases, and how much is left for the inbox to say."""

    whole: tuple[Written, ...]
    cases: tuple[Written, ...] = ()
    rest: int = 0

    def details(self) -> dict[str, Any]:
        """Returns the fields of the message."""
        fields: dict[str, Any] = {"items": list(self.whole)}
        if self.cases:
            fields["further_cases"] = list(self.cases)
        if self.rest:
            fields["further_items"] = {"count": self.rest, "link": INBOX}
        return fields


def fitted(entries: Sequence[DigestEntry], room: int, now: datetime) -> FittedLines:
    """Returns the lines that `room` bytes hold, the first ones in full and the others counted by case."""
    whole = [entry.written for entry in entries]
    fit = _how_many(whole, room)
    if fit == len(entries):
        return FittedLines(tuple(whole))
    counts = _counts(entries, now)
    if size_of(counts) > room:
        counted = counts[: _how_many(counts, room)]
        items = {item.subject_id for entry in entries for item in entry.items}
        return FittedLines((), tuple(counted), len(items) - sum(one["count"] for one in counted))
    while fit and size_of(whole[:fit]) + size_of(_counts(entries[fit:], now)) > room:
        fit -= 1
    return FittedLines(tuple(whole[:fit]), tuple(_counts(entries[fit:], now)))


def packed(sizes: Sequence[int], room: int) -> list[list[int]]:
    """Returns which of these go together, by their places: each into the first group in which its size still fits."""
    groups: list[list[int]] = []
    for place, size in enumerate(sizes):
        fits = next((one for one in groups if sum(sizes[n] for n in one) + size <= room), None)
        if fits is None:
            groups.append([place])
        else:
            fits.append(place)
    return groups


def _counts(entries: Sequence[DigestEntry], now: datetime) -> list[Written]:
    # An item may stand in two lines, its owner's and its case's.
    items = {item.subject_id: item for entry in entries for item in entry.items}
    return [written_count(case, now) for case in by_case(items.values())]


def _how_many(written: Sequence[Written], room: int) -> int:
    """Returns how many of the first lines fit."""
    for number, one in enumerate(written):
        room -= size_of([one])
        if room < 0:
            return number
    return len(written)


def size_of(written: Sequence[Written]) -> int:
    """Returns the bytes of these in a body, with what separates them."""
    return sum(len(json.dumps(plain(one), separators=(",", ":"))) + 1 for one in written)
