"""What a message says of each line: an item to its owner, and one line for each case to those above. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from app.foundation.asked import AskedSection, Urgency, section_of
from app.foundation.clock import london_date
from app.outbox.service import link_of
from app.reminders.deadline import Deadline
from app.reminders.informing.posts import InformedPost
from app.reminders.ladder import OWNER
from app.reminders.line_repository import WaitingLine
from app.vocabulary import SubjectType

ORDER = tuple(AskedSection)
Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DueItem:
    """One subject that came due for a post at a rung, with where it stands in the digest.

    `about` is its case, or the subject itself without one.
    """

    subject_type: SubjectType
    subject_id: str
    case_id: str | None
    about: str
    duty: str | None
    rung: int
    deadline: Deadline
    section: AskedSection
    for_owner: bool

    @property
    def place(self) -> tuple[int, datetime, str]:
        """Returns what items are ordered by: the section, then the longest late, then the id."""
        return ORDER.index(self.section), self.deadline.passes_at, self.subject_id


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One line of a message as it is written, and the items that it names."""

    items: tuple[DueItem, ...]
    written: Written


def due_items(lines: Iterable[WaitingLine], post: InformedPost, now: datetime) -> list[DueItem]:
    """Returns the items of these lines in order. Several rungs of one subject are one item, at the highest.

    A post that is told as one above the owner, and is the owner itself, is told as the owner: it is the one to act.
    """
    highest: dict[str, WaitingLine] = {}
    its_own: set[str] = set()
    for line in sorted(lines, key=lambda one: one.rung):
        highest[line.subject_id] = line
        if line.tells == OWNER or (line.owner_role, line.owner_agency) == (post.role, post.agency):
            its_own.add(line.subject_id)
    items = (_item(line, now, for_owner=line.subject_id in its_own) for line in highest.values())
    return sorted(items, key=lambda one: one.place)


def digest_entries(items: Sequence[DueItem], now: datetime) -> list[DigestEntry]:
    """Returns the lines of a digest in order: each item to its owner, and one for each case to those above."""
    cases: dict[str, list[DueItem]] = {}
    for item in items:
        if not item.for_owner:
            cases.setdefault(item.about, []).append(item)
    own = [DigestEntry((item,), written_item(item) | {"section": item.section}) for item in items if item.for_owner]
    above = [DigestEntry(tuple(one), _written_case(one, now)) for one in cases.values()]
    return sorted((*own, *above), key=lambda entry: entry.items[0].place)


def danger_entries(items: Sequence[DueItem], now: datetime) -> list[DigestEntry]:
    """Returns a line for each case of a call about several: no more than names its dangers, for a call is 2 KiB."""
    return [DigestEntry(tuple(of_case), _written_danger(of_case, now)) for of_case in by_case(items)]


def _written_danger(items: Sequence[DueItem], now: datetime) -> dict[str, Any]:
    about = {"case_id": items[0].case_id} if items[0].case_id else {}
    return about | {"ids": [one.subject_id for one in items], "oldest_days": _oldest(items, now)}


def written_item(item: DueItem) -> dict[str, Any]:
    """Returns an item as ids, codes, times and its link."""
    fields = {
        "subject_type": item.subject_type,
        "subject_id": item.subject_id,
        "case_id": item.case_id,
        "duty": item.duty,
        "rung": item.rung,
        "due": item.deadline.on or item.deadline.at,
        "link": link_of(item.subject_type, item.subject_id),
    }
    return {name: value for name, value in fields.items() if value is not None}


def written_count(items: Sequence[DueItem], now: datetime) -> dict[str, Any]:
    """Returns how many items of one case there are, the age of the oldest in days, and the case's link."""
    return {"count": len(items), "oldest_days": _oldest(items, now), "link": _case_link(items[0])}


def by_case(items: Collection[DueItem]) -> list[list[DueItem]]:
    """Returns the items of each case together, in the order in which the cases come."""
    first = {item.about: place for place, item in reversed(list(enumerate(items)))}
    ordered = sorted(items, key=lambda one: first[one.about])
    return [list(group) for _, group in groupby(ordered, key=lambda one: one.about)]


def _written_case(items: Sequence[DueItem], now: datetime) -> dict[str, Any]:
    first = items[0]
    about = {"case_id": first.case_id, "ids": [one.subject_id for one in items]}
    fields = about | {"rung": max(one.rung for one in items), "section": first.section} | written_count(items, now)
    return {name: value for name, value in fields.items() if value is not None}


def _oldest(items: Sequence[DueItem], now: datetime) -> int:
    return max(_age(one, now) for one in items)


def _case_link(item: DueItem) -> str:
    if item.case_id is None:
        return link_of(item.subject_type, item.subject_id)
    return link_of(SubjectType.CASE, item.case_id)


def _age(item: DueItem, now: datetime) -> int:
    """Returns for how many days it has been late: 0 on the day itself and before."""
    due = item.deadline.on or london_date(item.deadline.passes_at)
    return max((london_date(now) - due).days, 0)


def _item(line: WaitingLine, now: datetime, *, for_owner: bool) -> DueItem:
    deadline = Deadline(line.due_on, line.due_at, line.life_safety)
    return DueItem(
        line.subject_type,
        line.subject_id,
        line.case_id,
        line.about,
        line.duty,
        line.rung,
        deadline,
        section_of(Urgency(deadline.passes_at, deadline.life_safety, line.came_back), now),
        for_owner,
    )
