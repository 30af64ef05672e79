"""Cycles: how often a forum meets in an area. A cycle puts its meetings in the calendar.

A meeting that would fall on a day that is not a working day is held on the next working day; the later dates of the
cycle do not move. [I]
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.foundation.caller import SYSTEM
from app.foundation.clock import london_date
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.foundation.working_days import WorkingDays
from app.meetings.lists.case_listing import place_waiting_cases
from app.meetings.models import MeetingCycle
from app.meetings.repositories import calendar_repository
from app.meetings.schemas import CycleRequest
from app.meetings.vocabulary import CutOffUnit, MeetingKind

KEPT_AHEAD = timedelta(weeks=26)  # [I] the worker keeps half a year of meetings in the calendar


def start_cycle(tx: Transaction, sent: CycleRequest) -> MeetingCycle:
    """Starts the cycle from `first_on` and puts its meetings in the calendar.

    A second request for the same area, forum and first day returns the first cycle. An earlier cycle of the forum stops
    adding meetings. Raises `Conflict` (cycle-overlaps) when the earlier cycle has meetings on or after `first_on`.
    """
    row = {"id": new_id("cyc"), "created_at": tx.now, **sent.model_dump(exclude={"weeks_ahead"})}
    last = calendar_repository.last_meeting_of_cycles(tx.session, sent.area, sent.forum)
    is_new = calendar_repository.insert_cycle_unless_there(tx.session, row)
    if is_new and last is not None and sent.first_on <= last.held_on:
        raise Conflict(
            f"the present cycle has meetings until {last.held_on}; start the new cycle after that day",
            code="cycle-overlaps",
        )
    cycle = calendar_repository.cycle_by_first_day(tx.session, sent.area, sent.forum, sent.first_on)
    ahead = max(london_date(tx.now), sent.first_on) + timedelta(weeks=sent.weeks_ahead)
    put_in_calendar(tx, cycle, ahead)
    return cycle


def extend_cycles(session: Session, now: datetime) -> int:
    """Extends every cycle to half a year ahead, for the worker. Returns how many meetings were added."""
    tx = Transaction(session, SYSTEM, now)
    until = london_date(now) + KEPT_AHEAD
    return sum(put_in_calendar(tx, cycle, until) for cycle in calendar_repository.newest_cycles(session))


def put_in_calendar(tx: Transaction, cycle: MeetingCycle, until: date) -> int:
    """Adds the cycle's meetings up to that day and places the cases that waited for one. Returns how many are new."""
    calendar = calendar_of_area(tx.session, cycle.area)
    known = {meeting.held_on for meeting in calendar_repository.meetings_of_cycle(tx.session, cycle.id)}
    new = [day for day in meeting_days(cycle, calendar, until) if day not in known]
    for held_on in new:
        row = {
            "id": new_id("mtg"),
            "area": cycle.area,
            "forum": cycle.forum,
            "kind": MeetingKind.ORDINARY,
            "held_on": held_on,
            "cut_off_on": cut_off_before(cycle, calendar, held_on),
            "cycle_id": cycle.id,
            "created_at": tx.now,
        }
        calendar_repository.insert_meeting_unless_there(tx.session, row)
    if new:
        place_waiting_cases(tx, cycle.area, cycle.forum)
    return len(new)


def meeting_days(cycle: MeetingCycle, calendar: WorkingDays, until: date) -> Iterator[date]:
    """Yields the days on which the cycle meets, each once, from its first to `until`."""
    planned, last = cycle.first_on, None
    while planned <= until:
        held_on = calendar.on_or_after(planned)
        # Two planned days of a short cycle may move to the same working day, over a weekend or Christmas.
        if held_on != last:
            yield held_on
        planned, last = planned + timedelta(days=cycle.every_days), held_on


def cut_off_before(cycle: MeetingCycle, calendar: WorkingDays, held_on: date) -> date:
    """Returns the last day on which a referral still makes the meeting.

    Source: DHR "Jean" 14.2.12 (nine working days).
    """
    if cycle.cut_off_unit == CutOffUnit.WORKING_DAYS:
        return calendar.add(held_on, -cycle.cut_off_days)
    return held_on - timedelta(days=cycle.cut_off_days)
