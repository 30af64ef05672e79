"""When a person was born, as far as anybody has said. No exact date of birth is held."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Birth:
    """The first and the last day on which the person can have been born: a year, or the year that an age leaves."""

    earliest: date
    latest: date

    def __str__(self) -> str:
        return f"{self.earliest.isoformat()}/{self.latest.isoformat()}"
