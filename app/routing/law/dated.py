"""Says whether a line of law holds on a day: yes, no, or not known because nothing was read of that day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.routing.policy.types import Tag


class AfterTheEnd(StrEnum):
    """What is known of the days after a line's last day: the law ended, or nothing was found and it is asked."""

    ENDED = "ENDED"
    ASKED = "ASKED"


@dataclass(frozen=True, slots=True)
class Dates:
    """From when until when a line holds; both days are of the line.

    `seen_on` is the first day on which it was read to be in force, where the day it began was not read.
    `not_in_force_on` is a day on which it was read and not in force; from then on it is asked.
    """

    in_force: date | None = None
    seen_on: date | None = None
    until: date | None = None
    after: AfterTheEnd = AfterTheEnd.ENDED
    not_in_force_on: date | None = None

    @property
    def first(self) -> date:
        """The day by which the time line places it."""
        found = self.in_force or self.seen_on or self.not_in_force_on
        assert found is not None  # noqa: S101 - the reader refuses a line without a day
        return found

    def hold(self, on: date) -> bool | None:
        """Returns whether the line holds on the day; None: nobody has read whether it does, so it is asked."""
        if self.not_in_force_on is not None:
            return False if on <= self.not_in_force_on else None
        if self.until is not None and on > self.until:
            return None if self.after is AfterTheEnd.ASKED else False
        if self.in_force is not None:
            return self.in_force <= on
        return True if on >= self.first else None


@dataclass(frozen=True, slots=True)
class LawSource:
    """An Act, an instrument or a list, as it was read."""

    id: str
    title: str
    tag: Tag
    url: str


@dataclass(frozen=True, slots=True)
class Provision:
    """What one provision says, where, since when, and how far that may be trusted.

    `date_tag` is the mark of its days, where it is weaker than `tag`, the mark of its words.
    """

    place: str
    says: str
    dates: Dates
    source: LawSource
    tag: Tag
    date_tag: Tag
