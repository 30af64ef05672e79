"""How the report counts: a period, waits in working days, repeats. Pure: no database, no clock.

Where a rule can be read in two ways, the report takes the less flattering reading and its text says which.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_high

from app.foundation.clock import london_date, london_instant
from app.routing.facts.dates import months_before
from app.vocabulary import ActionOutcome

REPEAT_MONTHS = 12  # [V] SafeLives: within twelve months of the last referral
FAILED = frozenset(
    {
        ActionOutcome.NOT_DONE,
        ActionOutcome.NOT_POSSIBLE_CIRCUMSTANCES_CHANGED,
        ActionOutcome.DECLINED_BY_RECIPIENT,
    }
)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """London days, the first and the last included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The first instant of the period."""
        return london_instant(self.first, 0)

    @property
    def before(self) -> datetime:
        """The first instant after the period."""
        # Midnight of the next date and not 24 hours on: a day of a clock change has 23 or 25.
        return london_instant(self.last + _ONE_DAY, 0)


@dataclass(frozen=True, slots=True)
class Hearing:
    """The hearing of a case on a day; the case was listed at an instant."""

    case_id: str
    meeting_id: str
    heard_on: date
    listed_at: datetime


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """A proposal and how it ended: accepted, declined, expired or withdrawn."""

    forum: str
    kind: str
    state: str
    code: str | None
    answered_at: datetime
    need_number: int


@dataclass(frozen=True, slots=True)
class CountedAction:
    """An action as it stands now, and whether it is about the perpetrator."""

    forums: Sequence[str]
    state: str
    outcome: str | None
    sort_at: datetime
    approach: str | None
    about_perpetrator: bool


@dataclass(frozen=True, slots=True)
class CountedReview:
    """A review of an action: by the chair at a meeting, or by `reviewed_by` between meetings."""

    forums: Sequence[str]
    owner_agency: str | None
    reviewed_by: str
    at_meeting: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """How many waits were measured, their median (of two middle ones, the longer) and the longest, in working days."""

    measured: int
    median: int | None
    longest: int | None


def waits_of(lengths: Sequence[int]) -> Waits:
    """Returns the summary of waits of these lengths in working days; no median and no longest when there are none."""
    return Waits(len(lengths), median_high(lengths) if lengths else None, max(lengths, default=None))


def waited_since(hearing: Hearing, accepted: Collection[datetime], all_of_case: Sequence[Hearing]) -> date | None:
    """Returns the day the wait for this hearing began; None when the forum never accepted the case.

    It is the day of the first acceptance since the hearing before. A case that the forum kept after that hearing waits
    from the day it was listed again.
    """
    before = _hearing_before(hearing, all_of_case)
    days = (london_date(at) for at in accepted)
    since = [day for day in days if day <= hearing.heard_on and (before is None or day > before.heard_on)]
    if since:
        return min(since)
    return london_date(hearing.listed_at) if before is not None and accepted else None


def is_repeat(hearing: Hearing, all_of_case: Sequence[Hearing]) -> bool:
    """Returns whether the same two people were listed within twelve months of the last referral that was heard.

    Source: SafeLives, definition of repeat for MARAC: it runs from the last referral, not from the last hearing.
    """
    before = _hearing_before(hearing, all_of_case)
    if before is None:
        return False
    return months_before(london_date(hearing.listed_at), REPEAT_MONTHS) <= london_date(before.listed_at)


def percent(part: int, whole: int) -> int | None:
    """Returns whole per cent, halves rounded up; None when `whole` is 0."""
    return (200 * part + whole) // (2 * whole) if whole else None


def _hearing_before(hearing: Hearing, all_of_case: Sequence[Hearing]) -> Hearing | None:
    earlier = [one for one in all_of_case if one.heard_on < hearing.heard_on]
    return max(earlier, key=lambda one: one.heard_on, default=None)
