"""What posts answered about an earlier report of the case, where no request could state it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """The newest answer to what is counted, by the name of the fact. It was given about an earlier report."""

    fact: str
    value: bool | int | str
    answered_at: datetime
