"""One row of the board: one thing that is asked. It shows no person and no pseudonym."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.foundation.clock import TICK, london_date
from app.inbox.items import InboxItem
from app.inbox.vocabulary import InboxKind
from app.pages.rendering.dates import date_words, instant_words, overdue_words, until_words, upcoming_words
from app.pages.rendering.labels import KINDS, role_words

_SINCE = frozenset({InboxKind.NOT_TAKEN, InboxKind.WORK_ITEM})


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One thing that is asked of one post."""

    case: str
    decision_id: str | None
    kind: str
    what: str
    is_life_safety: bool
    owner: str
    role: str
    due: str
    lateness: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class CodeNames:
    """The names of agencies, the references of cases and their latest decisions, read once for the page."""

    agencies: Mapping[str, str]
    cases: Mapping[str, str]
    decisions: Mapping[str, str]

    def agency(self, code: str | None) -> str:
        return self.agencies.get(code, code) if code else "No agency fills this post"


def work_row(item: InboxItem, names: CodeNames, now: datetime) -> WorkRow:
    """Returns the row of one thing that is asked, as it stands at `now`."""
    role, agency = item.post
    case_id = item.case_id or ""
    due, lateness, is_late = _deadline(item, now)
    return WorkRow(
        case=names.cases.get(case_id, ""),
        decision_id=names.decisions.get(case_id),
        kind=KINDS[item.kind],
        what=item.what,
        is_life_safety=item.urgency.danger,
        owner=names.agency(agency),
        role=role_words(role),
        due=due,
        lateness=lateness,
        is_overdue=is_late,
    )


def _deadline(item: InboxItem, now: datetime) -> tuple[str, str, bool]:
    """Returns until when, how late or how soon, and whether it is late; of what fell back, since when it waits."""
    if item.due_on is None and item.due_at is None:
        return "", "", False
    if item.kind in _SINCE:
        assert item.due_at is not None  # noqa: S101 - when it fell back
        return f"Since {instant_words(item.due_at)}", "", False
    due = date_words(item.due_on) if item.due_on else until_words(item.urgency.late_from)
    if item.urgency.late_from <= now:
        return due, overdue_words(item.due_on, item.due_at, now), True
    # The last day on which it is in time: a limit at midnight is the end of the day before.
    last_day = london_date(item.urgency.late_from - TICK)
    return due, upcoming_words(last_day, None, now), False
