"""What forums did before: MARAC, claims that one manages the perpetrator, refusals."""

from dataclasses import dataclass
from datetime import date, datetime

from app.vocabulary import DeclineCode, Forum


@dataclass(frozen=True, slots=True)
class MaracProcess:
    """One time that this service referred the dyad to MARAC.

    `waits_until` is when it was heard or MARAC let it go; None: it waits.
    """

    referred_at: datetime
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MaracHistory:
    """What earlier MARACs did about the same victim and perpetrator (the dyad).

    A known history without a date: the dyad was never referred, or never heard. `heard_elsewhere_undated`: another
    MARAC heard it and nobody has said when. The last dates are those of any MARAC; `processes` and `heard_at` are this
    service's own, the oldest first.
    """

    last_referral_on: date | None = None
    last_heard_on: date | None = None
    open_actions: int | None = None
    heard_elsewhere_undated: bool = False
    referred_elsewhere_on: date | None = None
    heard_elsewhere_on: date | None = None
    processes: tuple[MaracProcess, ...] = ()
    heard_at: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnershipClaim:
    """A statement that another forum manages the perpetrator. It is checked, and is no reason until it is proved."""

    forum: Forum
    claimed_by: str
    contact: str | None = None
    confirmed_at: datetime | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A forum declined this need on these facts; it is not asked again until they change."""

    forum: Forum
    declined_at: datetime
    code: DeclineCode
