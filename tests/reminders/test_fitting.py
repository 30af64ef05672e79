"""Whatever room a message has, each item is named in full, counted with its case, or counted for the inbox: once."""

import json
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.foundation.asked import AskedSection
from app.outbox.service import plain
from app.reminders.deadline import Deadline
from app.reminders.informing.entries import DueItem, digest_entries
from app.reminders.informing.fitting import fitted
from app.reminders.informing.messages import NAMES
from app.vocabulary import SubjectType

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


def items_of(cases: list[int], *, for_owner: bool) -> list[DueItem]:
    """One item for each number, of the case with that number."""
    return [
        DueItem(
            SubjectType.ACTION,
            f"act_{n:032x}",
            f"cas_{case:032x}",
            f"cas_{case:032x}",
            "D26",
            2,
            Deadline(date(2026, 3, 9), None),
            AskedSection.LATE,
            for_owner,
        )
        for n, case in enumerate(cases)
    ]


@given(
    cases=st.lists(st.integers(0, 120), min_size=1, max_size=300),
    for_owner=st.booleans(),
    room=st.integers(400, 7_600),
)
def test_every_item_is_named_or_counted_once_and_the_message_has_room_for_it(
    cases: list[int], for_owner: bool, room: int
) -> None:
    entries = digest_entries(items_of(cases, for_owner=for_owner), NOW)

    fields = fitted(entries, room, NOW).details()

    named = [line for line in fields["items"] if "count" not in line]
    counted = sum(line.get("count", 0) for line in (*fields["items"], *fields.get("further_cases", ())))
    left = fields.get("further_items", {"count": 0})["count"]
    assert len(named) + counted + left == len(cases)
    assert len(json.dumps(plain(fields), separators=(",", ":"))) <= room + NAMES
    assert fields["items"] == [entry.written for entry in entries][: len(fields["items"])], "the first ones are whole"
    assert left == 0 or not fields["items"], "nothing is named in full while a case is not even counted"


def test_what_fits_is_named_in_full() -> None:
    entries = digest_entries(items_of([1, 1, 2], for_owner=False), NOW)

    lines = fitted(entries, 1_000, NOW)

    assert [(line["count"], line["ids"]) for line in lines.whole] == [
        (2, [f"act_{0:032x}", f"act_{1:032x}"]),
        (1, [f"act_{2:032x}"]),
    ]
    assert (lines.cases, lines.rest) == ((), 0)
