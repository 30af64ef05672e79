"""The cases whose repeat window ended since the last meeting: their flags end, and agencies learn it at the meeting.

Source: SafeLives agenda and flag-and-tag checklist (the flag runs twelve months from the last referral).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.foundation.clock import london_date, london_instant
from app.meetings.agenda_response_schemas import EndedRepeatWindowOut
from app.meetings.models import Meeting
from app.meetings.parameters import whole_number
from app.meetings.repositories import calendar_repository, case_repository, listing_repository
from app.policies.registry import policy_of_area
from app.referrals.repositories.decision_repository import last_marac_referral_at
from app.routing.facts.dates import months_before
from app.routing.facts.repeats import RepeatAnchor

# Months differ in length by three days at most. The query reads that much more; the exact day decides afterwards.
MARGIN = timedelta(days=3)


def ended_repeat_windows_out(session: Session, meeting: Meeting, now: datetime) -> list[EndedRepeatWindowOut]:
    """Returns the cases whose window ended after the meeting before and by this one, the earliest first."""
    earlier = calendar_repository.meeting_before(session, meeting)
    since = earlier.held_on if earlier else months_before(meeting.held_on, 1)
    months = whole_number(session, meeting.area, "repeat_months", now)
    began = dict(_window_starts(session, meeting, months_before(since, months), now))
    # Counted forward from the day it began: back from today, a window of 29 February would end on another day.
    ends = {case_id: months_before(day, -months) for case_id, day in began.items()}
    ended = {case_id: day for case_id, day in ends.items() if since < day <= meeting.held_on}
    cases = case_repository.cases_by_id(session, ended)
    return [
        EndedRepeatWindowOut(
            case_id=case_id,
            case_reference=cases[case_id].reference,
            window_from=began[case_id],
            window_ended_on=day,
        )
        for case_id, day in sorted(ended.items(), key=lambda item: (item[1], item[0]))
        if case_id in cases
    ]


def _window_starts(session: Session, meeting: Meeting, since: date, now: datetime) -> Iterator[tuple[str, date]]:
    """Yields each case whose window may end about now, with the day it began: the last hearing or the last referral.

    The area's policy says which of the two (`repeat_anchor`).
    """
    months = whole_number(session, meeting.area, "repeat_months", now)
    first, last = since - MARGIN, months_before(meeting.held_on, months) + MARGIN
    anchor = policy_of_area(session, meeting.area, now).parameters["repeat_anchor"].value
    if anchor == RepeatAnchor.LAST_HEARING:
        yield from _last_hearings(session, meeting, first, last)
    else:
        yield from _last_referrals(session, meeting.area, first, last)


def _last_hearings(session: Session, meeting: Meeting, first: date, last: date) -> Iterator[tuple[str, date]]:
    for case_id in listing_repository.cases_heard_between(session, meeting.area, meeting.forum, first, last):
        heard_on = listing_repository.last_heard_on(session, case_id, meeting.forum)
        if heard_on is not None:
            yield case_id, heard_on


def _last_referrals(session: Session, area: str, first: date, last: date) -> Iterator[tuple[str, date]]:
    since, until = london_instant(first, 0), london_instant(last + timedelta(days=1), 0)
    for case_id in case_repository.cases_referred_to_marac_between(session, area, since, until):
        referred_at = last_marac_referral_at(session, case_id)
        if referred_at is not None:
            yield case_id, london_date(referred_at)
