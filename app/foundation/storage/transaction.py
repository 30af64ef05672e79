"""What every use case takes first: the open transaction, who acts, and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller


@dataclass(frozen=True, slots=True)
class Transaction:
    """One open transaction. Everything done in it is the caller's act at the instant `now` (UTC)."""

    session: Session
    caller: Caller
    # One instant for all rows of an act: some reads find by it what was stored together.
    now: datetime

    @property
    def by(self) -> str:
        """Who answers for the act, as `AGENCY/name`."""
        return self.caller.answerable
