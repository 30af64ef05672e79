"""What other forums did before: MARACs elsewhere, and claims that a forum manages the perpetrator."""

from pydantic import ValidationInfo, model_validator

from app.foundation.web.schema import CivilDate, Code, Instant, Line, Strict, Tri, sent_at_once
from app.vocabulary import Forum


class MaracHistoryIn(Strict):
    """What MARACs outside this service did about the same two people. The service knows its own hearings.

    The section left out: nobody has looked. An empty one: looked up, and none. `heard` without a date: a MARAC heard
    them and nobody knows when.
    """

    last_referral_on: CivilDate | None = None
    last_heard_on: CivilDate | None = None
    heard: Tri = None

    @model_validator(mode="after")
    def _agrees(self, info: ValidationInfo) -> "MaracHistoryIn":
        if sent_at_once(info) and self.heard is False and self.last_heard_on is not None:
            raise ValueError("`heard` says no, and `last_heard_on` gives the day: correct one of them")
        return self


class ClaimIn(Strict):
    """A claim that another forum manages the perpetrator. It is checked; it is never a reason by itself."""

    forum: Forum
    claimed_by: Code
    contact: Line | None = None
    confirmed_at: Instant | None = None
    expires_on: CivilDate | None = None
