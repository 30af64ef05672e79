"""Reads when a case was referred to MARAC, how long it waited each time, and when it was heard."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy.orm import Session

from app.foundation.clock import london_instant
from app.meetings.models import Listing
from app.meetings.repositories.listing_repository import listings_of_case
from app.ownership.proposal_repository import answers_at, proposals_of_case
from app.referrals.repository import marac_referrals_of
from app.routing.facts.snapshot.history import MaracProcess
from app.vocabulary import Forum

_Wait: TypeAlias = tuple[datetime, datetime | None]  # since when, until when


def marac_processes(session: Session, case_id: str, before: int | None = None) -> tuple[MaracProcess, ...]:
    """Returns each time the case was referred to MARAC, the oldest first.

    With `before`, by the decisions before that one.

    It waits while MARAC has not answered, and while it stands on a list and is not heard.
    """
    starts = marac_referrals_of(session, case_id, before)
    listings = listings_of_case(session, case_id, Forum.MARAC)
    proposals = [one for one in proposals_of_case(session, case_id) if one.forum == Forum.MARAC]
    answered = answers_at(session, [one.id for one in proposals])
    asked = [(one.proposed_at, answered.get(one.id)) for one in proposals]
    ends = [*starts, None][1:]
    return tuple(
        MaracProcess(start, _waits_until(start, end, listings, asked)) for start, end in zip(starts, ends, strict=True)
    )


def marac_hearings(session: Session, case_id: str, until: date) -> tuple[date, ...]:
    """Returns the days until then on which MARAC heard the case, the first one first."""
    listings = listings_of_case(session, case_id, Forum.MARAC)
    return tuple(sorted(one.heard_on for one in listings if one.heard_on is not None and one.heard_on <= until))


def _waits_until(
    start: datetime, next_start: datetime | None, listings: Sequence[Listing], asked: Sequence[_Wait]
) -> datetime | None:
    """Returns when the waiting that began in this process ended; None: it goes on.

    A hearing ends it, answered or not.
    """

    def is_of_process(at: datetime) -> bool:
        return start <= at and (next_start is None or at < next_start)

    own = [one for one in listings if is_of_process(one.listed_at)]
    heard = [_end_of(one.heard_on) for one in own if one.heard_on is not None]
    if heard:
        return max(heard)
    ends = [_end_of(one.left_on) if one.left_on else None for one in own]
    ends += [until for since, until in asked if is_of_process(since)]
    known = [until for until in ends if until is not None]
    return max(known, default=start) if len(known) == len(ends) else None


def _end_of(day: date) -> datetime:
    return london_instant(day + timedelta(days=1), 0)
