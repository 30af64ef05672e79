"""What is asked of a post: under which heading it stands, and in which order. Pure.

One order for the inbox, the digest and the pages: danger, came back, late with the longest first, today, next.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.foundation.clock import london_date, london_instant
from app.vocabulary import Role


class AskedSection(StrEnum):
    """The headings under which a post reads what is asked of it, in their order."""

    DANGER = "DANGER"
    CAME_BACK = "CAME_BACK"
    LATE = "LATE"
    TODAY = "TODAY"
    NEXT = "NEXT"


IN_DANGER, FALLEN_BACK, BY_DATE = 0, 1, 2  # bands: within each, what is late for longest comes first
Place = tuple[int, datetime, str, int]
"""Where one thing stands in the order: its band, the instant from which it is late, its id and its kind."""


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent one thing is. It is late from `late_from` (UTC): a date counts until the end of its London day.

    `danger`: somebody's life may hang on it. `came_back`: it fell back on whoever asked or holds.
    """

    late_from: datetime
    danger: bool = False
    came_back: bool = False

    @property
    def band(self) -> int:
        """The part of the order in which it stands, whatever the time."""
        if self.danger:
            return IN_DANGER
        return FALLEN_BACK if self.came_back else BY_DATE


@dataclass(frozen=True, slots=True)
class SectionBounds:
    """What is in a section: one band, late after one instant and up to another; None has no bound."""

    band: int
    after: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose things are asked for: the posts of an agency, and the areas whose co-ordinator or chair it is.

    There it stands in for posts that nobody fills, and reviews. `role` and `area` narrow it to one of them.
    """

    agency: str
    stands_in: frozenset[str] = frozenset()
    role: Role | None = None
    area: str | None = None


def section_of(urgency: Urgency, now: datetime) -> AskedSection:
    """Returns the heading under which something of this urgency stands at `now`."""
    if urgency.band == IN_DANGER:
        return AskedSection.DANGER
    if urgency.band == FALLEN_BACK:
        return AskedSection.CAME_BACK
    if urgency.late_from <= now:
        return AskedSection.LATE
    return AskedSection.TODAY if urgency.late_from <= _end_of_day(now) else AskedSection.NEXT


def place_of(urgency: Urgency, kind: int, item_id: str) -> Place:
    """Returns what things are sorted by. The id and the number of the kind keep what is late at one instant apart."""
    return urgency.band, urgency.late_from, item_id, kind


def bounds_of(section: AskedSection, now: datetime) -> SectionBounds:
    """Returns what `section_of` puts under this heading at `now`, as bounds that a query can use."""
    bounds = {
        AskedSection.DANGER: SectionBounds(IN_DANGER),
        AskedSection.CAME_BACK: SectionBounds(FALLEN_BACK),
        AskedSection.LATE: SectionBounds(BY_DATE, None, now),
        AskedSection.TODAY: SectionBounds(BY_DATE, now, _end_of_day(now)),
        AskedSection.NEXT: SectionBounds(BY_DATE, _end_of_day(now), None),
    }
    return bounds[section]


def _end_of_day(now: datetime) -> datetime:
    return london_instant(london_date(now) + timedelta(days=1), 0)
