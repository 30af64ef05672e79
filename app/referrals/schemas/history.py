"""What other forums did before: MARACs elsewhere, and claims that a forum manages the perpetrator."""

from app.foundation.web.schema import CivilDate, Code, Instant, Line, Strict, Tri
from app.vocabulary import Forum


class MaracHistoryIn(Strict):
    """What MARACs outside this service did about the same two people. The service knows its own hearings.

    The section left out: nobody has looked. An empty one: looked up, and none. `heard` without a date: a MARAC heard
    them and nobody knows when.
    """

    last_referral_on: CivilDate | None = None
    last_heard_on: CivilDate | None = None
    heard: Tri = None


class ClaimIn(Strict):
    """A claim that another forum manages the perpetrator. It is checked; it is never a reason by itself."""

    forum: Forum
    claimed_by: Code
    contact: Line | None = None
    confirmed_at: Instant | None = None
    expires_on: CivilDate | None = None
