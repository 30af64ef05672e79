"""A deadline: what reminders are counted from, and the instant from which something is late. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.foundation.clock import london_instant


@dataclass(frozen=True, slots=True)
class Deadline:
    """A civil date in London (`on`), or an instant in UTC (`at`) for duties counted in hours. Exactly one is set."""

    on: date | None
    at: datetime | None
    life_safety: bool = False

    def __post_init__(self) -> None:
        if (self.on is None) == (self.at is None):
            raise ValueError("a deadline is either a date or an instant: give exactly one")

    @property
    def passes_at(self) -> datetime:
        """The instant (UTC) from which it is late: the deadline itself, or the end of its London day."""
        if self.at is not None:
            return self.at
        assert self.on is not None  # noqa: S101 - `__post_init__` sees to it
        # The day itself is still in time: it is late from the first instant of the next London date.
        return london_instant(self.on + timedelta(days=1), 0)
