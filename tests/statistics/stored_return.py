"""Derives the row of the quarterly return of one meeting from what is stored: its hearings, referrals and counts."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Agency, Area
from app.access.service import scope_to_system
from app.foundation.clock import london_date, london_instant
from app.meetings.models import Listing, Meeting
from app.referrals.models import Referral
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.gathering import CaseStatements, known_facts
from app.routing.facts.dates import months_before
from app.routing.facts.moving.ages import youngest
from app.routing.facts.snapshot.births import Birth
from app.statistics.counting import REPEAT_MONTHS, Hearing, is_repeat
from app.statistics.counting_fields_repository import stated_for_counting
from app.statistics.diversity_counts import CountedDiversity, by_case
from app.statistics.quarterly_return import Cell, CountedChild, HeardCase, return_row
from app.statistics.referral_sources import source_of


def stored_row(session: Session, meeting_id: str) -> dict[str, Cell]:
    """Returns the row of the meeting; each value is read from the field that keeps it."""
    scope_to_system(session)
    meeting = session.get_one(Meeting, meeting_id)
    area = session.get_one(Area, meeting.area)
    listings = session.scalars(select(Listing).where(Listing.meeting_id == meeting_id, Listing.heard_on.is_not(None)))
    return return_row(area.name, meeting.held_on, [heard_case(session, listing) for listing in listings])


def heard_case(session: Session, listing: Listing) -> HeardCase:
    referral = _referral_that_was_heard(session, listing)
    known = known_facts(session, referral)
    facts = known.facts
    assert listing.heard_on is not None
    counted = by_case(
        stated_for_counting(session, [listing.case_id], london_instant(listing.heard_on + timedelta(days=1), 0))
    )
    agency = session.get_one(Agency, referral.referring_agency)
    return HeardCase(
        _repeats(session, listing, facts),
        source_of(agency.kind, facts.referrer_role),
        _children(known, listing.heard_on),
        counted.get(listing.case_id, CountedDiversity()),
        _age(known.births.victim, listing.heard_on),
        _age(known.births.perpetrator, listing.heard_on),
    )


def _referral_that_was_heard(session: Session, listing: Listing) -> Referral:
    newest = select(Referral).where(Referral.case_id == listing.case_id, Referral.received_at <= listing.listed_at)
    return (
        session.scalars(newest.order_by(Referral.received_at.desc())).first()
        or session.scalars(select(Referral).where(Referral.case_id == listing.case_id)).one()
    )


def _repeats(session: Session, listing: Listing, facts: ReferralRequest) -> bool:
    """Of our own hearings, or of a hearing elsewhere that `marac_history` tells."""
    rows = session.scalars(select(Listing).where(Listing.case_id == listing.case_id, Listing.heard_on.is_not(None)))
    hearings = {row.id: _hearing(row) for row in rows}
    elsewhere = facts.marac_history and (facts.marac_history.last_referral_on or facts.marac_history.last_heard_on)
    first_day = months_before(london_date(listing.listed_at), REPEAT_MONTHS)
    return is_repeat(hearings[listing.id], list(hearings.values())) or bool(elsewhere and first_day <= elsewhere)


def _hearing(row: Any) -> Hearing:
    assert isinstance(row.heard_on, date)
    return Hearing(row.case_id, row.meeting_id, row.heard_on, row.listed_at)


def _children(known: CaseStatements, on: date) -> tuple[CountedChild, ...] | None:
    if known.facts.children is None:
        return None
    each = zip(known.facts.children, known.births.children, strict=True)
    return tuple(CountedChild(child.ref, child.in_household, _age(birth, on)) for child, birth in each)


def _age(birth: Birth | None, on: date) -> int | None:
    """In completed years on the day of the hearing, at least: a year of birth leaves one of two."""
    return None if birth is None else youngest(birth, on)
