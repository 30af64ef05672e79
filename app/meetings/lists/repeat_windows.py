"""Cases whose repeat window ends: their flags lapse, and agencies are told at the meeting after.

Source: SafeLives agenda and flag-and-tag checklist (the flag runs twelve months from the last referral).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.foundation.clock import london_date, london_instant
from app.meetings import calendar_repository, case_repository, repository
from app.meetings.agenda_schemas import PassingOut
from app.meetings.models import Meeting
from app.meetings.parameters import number, policy_of
from app.referrals.repository import last_marac_referral_at
from app.routing.facts.dates import months_before
from app.routing.facts.repeats import RepeatAnchor

MONTH_ENDS = timedelta(
    days=3
)  # months differ by at most three days in length; the exact day is settled afterwards


def show_passing(session: Session, meeting: Meeting, now: datetime) -> list[PassingOut]:
    """The cases whose window ended after the meeting before and by this one, the earliest first."""
    earlier = calendar_repository.meeting_before(session, meeting)
    since = earlier.held_on if earlier else months_before(meeting.held_on, 1)
    months = number(session, meeting.area, "repeat_months", now)
    anchors = dict(_anchors(session, meeting, months_before(since, months), now))
    ended = {case_id: months_before(anchor, -months) for case_id, anchor in anchors.items()}
    passing = {case_id: day for case_id, day in ended.items() if since < day <= meeting.held_on}
    cases = case_repository.cases_by_id(session, passing)
    return [
        PassingOut(
            case_id=case_id,
            case_reference=cases[case_id].reference,
            window_from=anchors[case_id],
            window_ended_on=day,
        )
        for case_id, day in sorted(passing.items(), key=lambda item: (item[1], item[0]))
        if case_id in cases
    ]


def _anchors(session: Session, meeting: Meeting, since: date, now: datetime) -> Iterator[tuple[str, date]]:
    """Where each window may begin that ends about now, under the area's reading of the rule."""
    months = number(session, meeting.area, "repeat_months", now)
    first, last = since - MONTH_ENDS, months_before(meeting.held_on, months) + MONTH_ENDS
    anchor = policy_of(session, meeting.area, now).parameters["repeat_anchor"].value
    if anchor == RepeatAnchor.LAST_HEARING:
        for case_id in case_repository.heard_between(session, meeting.area, meeting.forum, first, last):
            heard_on = repository.last_heard_on(session, case_id, meeting.forum)
            if heard_on is not None:
                yield case_id, heard_on
        return
    instants = london_instant(first, 0), london_instant(last + timedelta(days=1), 0)
    for case_id in case_repository.referred_to_marac_between(session, meeting.area, *instants):
        referred_at = last_marac_referral_at(session, case_id)
        if referred_at is not None:
            yield case_id, london_date(referred_at)
