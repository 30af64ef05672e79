"""Reads what is asked of the caller's posts, in one order, with how much there is of each kind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access.calls import Call
from app.access.vocabulary import COORDINATORS
from app.foundation.asked import AskedSection, Desk, Place, section_of
from app.foundation.storage.asked_rows import AskedPart, Window
from app.inbox import repository
from app.inbox.items import InboxItem
from app.inbox.sources import OF_AN_AREA, SOURCES
from app.inbox.vocabulary import NUMBERED, InboxKind
from app.vocabulary import Role

MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which items are wanted. None, or no kinds, mean any."""

    kinds: tuple[InboxKind, ...] = ()
    section: AskedSection | None = None
    role: Role | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class InboxPosition:
    """Where a page begins: after a place, in the order as it was when the first page was read."""

    as_of: datetime
    place: Place


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many items there are. None is above `MOST_COUNTED + 1`, which means "more than `MOST_COUNTED`"."""

    in_all: int
    by_kind: Mapping[InboxKind, int]
    by_section: Mapping[AskedSection, int]


@dataclass(frozen=True, slots=True)
class InboxReading:
    """The items of one page with one more, which only says that there is more, and how their cases are called.

    `as_of` is the instant whose sections they stand in. Only the first page counts.
    """

    as_of: datetime
    items: Sequence[InboxItem]
    references: Mapping[str, str]
    counts: InboxCounts | None


def read_inbox(call: Call, wanted: InboxFilter, after: InboxPosition | None, limit: int) -> InboxReading:
    """Reads one page. Each kind is one bounded statement of its room; `limit` counts the items of the page."""
    # The sections of all pages are those of the first: otherwise what becomes late meanwhile could be passed over.
    as_of = after.as_of if after else call.now
    most = limit + 1 if after else max(limit, MOST_COUNTED) + 1
    window = Window(as_of, most, wanted.section, after.place if after else None)
    found = sorted(_found(call, wanted, window), key=lambda item: item.place)
    shown = found[: limit + 1]
    return InboxReading(as_of, shown, _references(call, shown[:limit]), None if after else _counted(found, as_of))


def _found(call: Call, wanted: InboxFilter, window: Window) -> list[InboxItem]:
    is_coordinator = call.caller.role in COORDINATORS
    desk = Desk(
        call.caller.agency, call.caller.areas if is_coordinator else frozenset(), role=wanted.role, area=wanted.area
    )
    kinds = [kind for kind in wanted.kinds or SOURCES if is_coordinator or kind not in OF_AN_AREA]
    found: list[InboxItem] = []
    for kind in dict.fromkeys(kinds):
        read = SOURCES[kind](call, AskedPart(call.session, desk, window, NUMBERED[kind]))
        found.extend(item for item in read if _is_wanted(item, window))
    return found


def _is_wanted(item: InboxItem, window: Window) -> bool:
    """Returns whether the item is in this part of the order. Faults of the set-up are read whole and meet it here."""
    if window.after is not None and item.place <= window.after:
        return False
    return window.section is None or section_of(item.urgency, window.now) is window.section


def _references(call: Call, shown: Sequence[InboxItem]) -> dict[str, str]:
    case_ids = {item.case_id for item in shown if item.case_id}
    if not case_ids:
        return {}
    # Whoever is asked may see what is asked and not its case. The reference is what people say in a meeting.
    with call.as_system() as session:
        return repository.case_references(session, case_ids)


def _counted(found: Sequence[InboxItem], now: datetime) -> InboxCounts:
    kinds = Counter(item.kind for item in found)
    sections = Counter(section_of(item.urgency, now) for item in found)
    most = MOST_COUNTED + 1
    return InboxCounts(
        min(len(found), most),
        {kind: min(kinds[kind], most) for kind in InboxKind},
        {section: min(sections[section], most) for section in AskedSection},
    )
