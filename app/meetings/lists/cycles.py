"""Cycles: the rhythm of a forum's meetings in an area, and the meetings it puts in the calendar.

A meeting that would fall on a day nobody works is held on the next working day; the rhythm does not shift. [I]
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.foundation.clock import london_date
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.working_days import WorkingDays
from app.meetings import calendar_repository
from app.meetings.lists.lists import place_waiting
from app.meetings.models import MeetingCycle
from app.meetings.schemas import CutOffUnit, CycleRequest, MeetingKind
from app.vocabulary import Forum

KEPT_AHEAD = timedelta(weeks=26)  # [I] the worker keeps half a year of meetings in the calendar


def start_cycle(session: Session, sent: CycleRequest, now: datetime) -> MeetingCycle:
    """The forum meets in this rhythm from `first_on`; saying it twice keeps the first. `Conflict` when it would overlap.

    A new rhythm begins after the last meeting of the old one, which then puts no more in the calendar.
    """
    row = {"id": new_id("cyc"), "created_at": now, **sent.model_dump(exclude={"weeks_ahead"})}
    last = calendar_repository.last_meeting_of_cycles(session, sent.area, sent.forum)
    made = calendar_repository.insert_cycle_unless_there(session, row)
    if made and last is not None and sent.first_on <= last.held_on:
        raise Conflict(
            f"the present rhythm has meetings until {last.held_on}; let the new one begin after that day",
            code="cycle-overlaps",
        )
    cycle = calendar_repository.cycle_by_first_day(session, sent.area, sent.forum, sent.first_on)
    ahead = max(london_date(now), sent.first_on) + timedelta(weeks=sent.weeks_ahead)
    put_in_calendar(session, cycle, ahead, now)
    return cycle


def extend_cycles(session: Session, now: datetime) -> int:
    """How many meetings were put in the calendar, so that every cycle reaches half a year ahead. For the worker."""
    until = london_date(now) + KEPT_AHEAD
    return sum(
        put_in_calendar(session, cycle, until, now) for cycle in calendar_repository.newest_cycles(session)
    )


def put_in_calendar(session: Session, cycle: MeetingCycle, until: date, now: datetime) -> int:
    """How many meetings the cycle newly has up to that day; cases that waited for a calendar are placed."""
    calendar = calendar_of_area(session, cycle.area)
    known = {meeting.held_on for meeting in calendar_repository.meetings_of_cycle(session, cycle.id)}
    new = [day for day in days_of(cycle, calendar, until) if day not in known]
    for held_on in new:
        row = {
            "id": new_id("mtg"),
            "area": cycle.area,
            "forum": cycle.forum,
            "kind": MeetingKind.ORDINARY,
            "held_on": held_on,
            "cut_off_on": cut_off_before(cycle, calendar, held_on),
            "cycle_id": cycle.id,
            "created_at": now,
        }
        calendar_repository.insert_meeting_unless_there(session, row)
    if new:
        place_waiting(session, cycle.area, Forum(cycle.forum), now)
    return len(new)


def days_of(cycle: MeetingCycle, calendar: WorkingDays, until: date) -> Iterator[date]:
    """The days on which the cycle meets, each once, from its first to `until`."""
    planned, last = cycle.first_on, None
    while planned <= until:
        held_on = calendar.on_or_after(planned)
        if held_on != last:
            yield held_on
        planned, last = planned + timedelta(days=cycle.every_days), held_on


def cut_off_before(cycle: MeetingCycle, calendar: WorkingDays, held_on: date) -> date:
    """The last day on which a referral still makes the meeting. Source: DHR "Jean" 14.2.12 (nine working days)."""
    if cycle.cut_off_unit == CutOffUnit.WORKING_DAYS:
        return calendar.add(held_on, -cycle.cut_off_days)
    return held_on - timedelta(days=cycle.cut_off_days)
