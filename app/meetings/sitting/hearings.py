"""Records that a meeting heard a case."""

from datetime import datetime

from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.meetings.events import record_case_event
from app.meetings.lists.preparation_ended import HEARD, end_preparation
from app.meetings.lookup import find_heard_listing
from app.meetings.models import Listing, Meeting
from app.meetings.repositories import calendar_repository
from app.meetings.sitting.meeting_day import refuse_before_its_day
from app.meetings.sitting.minutes import start_minutes_clock
from app.referrals.models import Case
from app.routing.facts.dates import opening_of
from app.vocabulary import EventType


def record_hearing(tx: Transaction, case: Case, meeting_id: str) -> tuple[Listing, Meeting]:
    """Records that the case was heard on the meeting's day, ends what was to be done before it, and owes the minutes.

    A second record of the same hearing changes nothing. A case that something new has put on the next list since stays
    there too. Raises `Conflict` before the meeting's day.
    """
    listing = find_heard_listing(tx.session, case.id, meeting_id)
    meeting = calendar_repository.meeting_by_id(tx.session, meeting_id)
    assert meeting is not None  # noqa: S101 - a foreign key
    refuse_before_its_day(meeting, tx.now)
    if listing.heard_on is None:
        # The day of the meeting and not today: a hearing is often recorded afterwards.
        listing.heard_on, listing.heard_at = meeting.held_on, _heard_at(listing, meeting, tx.now)
        tx.session.flush()
        end_preparation(tx, [case.id], HEARD)
        start_minutes_clock(tx, case, meeting)
        record_case_event(tx, EventType.CASE_HEARD, case, listing.forum)
    return listing, meeting


def _heard_at(listing: Listing, meeting: Meeting, now: datetime) -> datetime:
    """Returns the instant of the hearing: now on the day itself.

    Recorded afterwards, nobody knows the hour. It counts from the opening of that day, or from the listing when that
    is later, so that nothing which happened after the hearing is taken for heard.
    """
    return now if london_date(now) == meeting.held_on else max(opening_of(meeting.held_on), listing.listed_at)
