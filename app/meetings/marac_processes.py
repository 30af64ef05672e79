"""Reads when a case was referred to MARAC, how long it waited each time, and when it was heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.foundation.clock import london_instant
from app.meetings.models import Listing
from app.meetings.repositories.listing_repository import listings_of_case
from app.ownership.models import Need, Proposal
from app.ownership.proposal_repository import answers_at, proposals_about_case
from app.ownership.repository import cases_of_need
from app.referrals.repositories.decision_repository import (
    first_decision_without_marac,
    latest_decision_of,
    marac_referrals_of,
)
from app.referrals.stored_records import answer_of
from app.routing.facts.snapshot.history import MaracProcess
from app.vocabulary import Forum, ProposalState


@dataclass(frozen=True, slots=True)
class _Wait:
    """A request that the case waits for: since when, and until when; None: it goes on. `own`: this case made it."""

    since: datetime
    until: datetime | None
    own: bool


def marac_processes(session: Session, case_id: str, before: int | None = None) -> tuple[MaracProcess, ...]:
    """Returns each time the case was referred to MARAC, the oldest first.

    With `before`, by the decisions before that one.

    It waits while MARAC has not answered about the victim, and while it stands on a list and is not heard.
    """
    starts = marac_referrals_of(session, case_id, before)
    listings = listings_of_case(session, case_id, Forum.MARAC)
    asked = _requests_to_marac(session, case_id)
    ends = [*starts, None][1:]
    return tuple(
        MaracProcess(start, _waits_until(start, end, listings, asked)) for start, end in zip(starts, ends, strict=True)
    )


def marac_hearings(session: Session, case_id: str, until: datetime) -> tuple[datetime, ...]:
    """Returns the instants until then at which MARAC heard the case, the first one first."""
    heard = (one.heard_at for one in listings_of_case(session, case_id, Forum.MARAC))
    return tuple(sorted(at for at in heard if at is not None and at <= until))


def another_case_waits_for_marac(session: Session, need: Need, case_id: str) -> bool:
    """Returns whether another case of the same need is for MARAC to hear, and waits for it."""
    return any(_waits_for_marac(session, other) for other in cases_of_need(session, need.id) if other != case_id)


def _waits_for_marac(session: Session, case_id: str) -> bool:
    decision = latest_decision_of(session, case_id)
    if decision is None or answer_of(decision, "marac") != "yes":
        return False
    return any(process.waits_until is None for process in marac_processes(session, case_id))


def _requests_to_marac(session: Session, case_id: str) -> list[_Wait]:
    """Returns the requests to MARAC about the case's victim, whichever of the victim's cases made them."""
    proposals = [one for one in proposals_about_case(session, case_id) if one.forum == Forum.MARAC]
    answered = answers_at(session, [one.id for one in proposals])
    return [
        _Wait(one.proposed_at, _answered_at(session, case_id, one, answered.get(one.id)), one.case_id == case_id)
        for one in proposals
    ]


def _answered_at(session: Session, case_id: str, proposal: Proposal, at: datetime | None) -> datetime | None:
    """Returns when the case waited for the answer no longer.

    That nobody answered in time is no answer: the case waits on, until a decision does not want MARAC asked.
    """
    if at is None or proposal.state != ProposalState.EXPIRED:
        return at
    return first_decision_without_marac(session, case_id, at)


def _waits_until(
    start: datetime, next_start: datetime | None, listings: Sequence[Listing], asked: Sequence[_Wait]
) -> datetime | None:
    """Returns when the waiting that began in this process ended; None: it goes on.

    A hearing ends it, answered or not. A request that another case of the victim made before goes on in this process.
    """
    own = [one for one in listings if start <= one.listed_at and (next_start is None or one.listed_at < next_start)]
    heard = [one.heard_at for one in own if one.heard_at is not None]
    if heard:
        return max(heard)
    ends = [_end_of_day(one) for one in own]
    ends += [one.until for one in asked if _is_within(one, start, next_start)]
    known = [until for until in ends if until is not None]
    return max(known, default=start) if len(known) == len(ends) else None


def _is_within(asked: _Wait, start: datetime, next_start: datetime | None) -> bool:
    """Returns whether the case made the request in this process, or one made before goes on in it.

    What another case asks later is that case's request: this one may have ended its waiting by then.
    """
    if next_start is not None and asked.since >= next_start:
        return False
    if asked.since >= start:
        return asked.own
    return asked.until is None or asked.until > start


def _end_of_day(listing: Listing) -> datetime | None:
    """Returns the end of the day on which the case left the list; None while it stands there."""
    return london_instant(listing.left_on + timedelta(days=1), 0) if listing.left_on else None
