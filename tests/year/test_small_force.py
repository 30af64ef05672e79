"""A few days of a small force on the real service: it is played through, and the figures are what the rows say."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.models import Report, Review
from app.foundation.clock import SettableClock, london_date, london_instant
from app.foundation.settings import Settings
from app.foundation.working_days import working_days_of
from app.outbox.models import Event
from app.reminders.models import ReminderMessage
from app.vocabulary import EventType, Nation
from bench.year.behaviour import read_behaviour
from bench.year.counting import Rows, read_rows
from bench.year.figures import Measured, figures_of
from bench.year.force import open_force, subscribe
from bench.year.page import charts, page
from bench.year.playing import Year, played
from bench.year.running import told_of
from tests.webhooks.receiver import Receiver, a_receiver

DAYS, SCALE = 3, 0.08
BEHAVIOUR = read_behaviour()
FIRST = BEHAVIOUR.first_day
MEASURED = Measured(FIRST, FIRST + timedelta(days=DAYS - 1), working_days_of(Nation.ENGLAND))


@dataclass(frozen=True, slots=True)
class SmallForce:
    """What was played, what each system received, and what the service keeps of it."""

    year: Year
    receiver: Receiver
    rows: Rows
    events: list[Event]
    messages: list[ReminderMessage]
    reports: int
    reviews: int


@pytest.fixture
def small(
    http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, settings: Settings
) -> Iterator[SmallForce]:
    with a_receiver() as receiver:
        clock.set(london_instant(FIRST, 7))
        force = open_force(http, sessions, clock, settings.secret_key)
        subscribe(force, receiver.server.server_address[1])
        (*_, year) = played(force, BEHAVIOUR, SCALE, lambda _, day: day < MEASURED.last)
        with sessions.begin() as session:
            scope_to_system(session)
            rows = read_rows(session, london_instant(FIRST, 0))
            events, messages = list(session.scalars(select(Event))), list(session.scalars(select(ReminderMessage)))
            reports, reviews = len(session.scalars(select(Report)).all()), len(session.scalars(select(Review)).all())
        yield SmallForce(year, receiver, rows, events, messages, reports, reviews)


def test_few_days_of_a_small_force_are_played_and_counted(small: SmallForce) -> None:
    figures = figures_of(small.rows, MEASURED)

    everybody_takes_part(small)
    nothing_is_refused_as_wrong_or_broken(small)
    every_message_is_counted_once_for_its_post(small, figures["posts"])
    lines_of_a_digest_are_those_of_its_body(small)
    every_event_is_counted_for_each_agency_that_is_told(small)
    page_says_what_was_played(small, figures)


def everybody_takes_part(small: SmallForce) -> None:
    assert small.year.sent > 5
    assert small.reports > 0
    assert small.reviews > 0
    assert small.receiver.of_type(EventType.WORK_ASSIGNED)
    assert small.rows.answers


def nothing_is_refused_as_wrong_or_broken(small: SmallForce) -> None:
    """What comes too late is refused (409, 412), and a report of one's own to review (403); no other call is."""
    force = small.year.force
    assert {status for _, status, _ in force.refused} <= {403, 409, 412}, force.examples


def every_message_is_counted_once_for_its_post(small: SmallForce, posts: list[dict[str, object]]) -> None:
    counted = {(one["post"], one["agency"]): one["in_all"] for one in posts}
    assert counted == Counter((one.role, one.agency) for one in small.messages)
    days = Counter((one.role, one.agency, one.day) for one in small.messages if one.day)
    assert set(days.values()) == {1}


def lines_of_a_digest_are_those_of_its_body(small: SmallForce) -> None:
    """In a small force every line fits in full."""
    bodies = {one.id: json.loads(one.body)["data"] for one in small.events}
    told = [one for one in small.rows.messages if one.kind == "digest"]
    assert told
    for one in told:
        (own,) = [each for each in bodies[one.event_id]["digests"] if each["role"] == one.role]
        assert (one.lines, one.items) == (len(own["items"]), own["count"])


def every_event_is_counted_for_each_agency_that_is_told(small: SmallForce) -> None:
    told = Counter((name, london_date(one.occurred_at)) for one in small.events for name in one.agencies)
    assert {(one.agency, one.day): one.events for one in small.rows.events} == told


def page_says_what_was_played(small: SmallForce, figures: dict[str, object]) -> None:
    play = told_of(small.year, MEASURED.last, SCALE) | BEHAVIOUR.assumed() | {"minutes": 1}
    assert f"Scale: **{SCALE:g}**" in page(play, figures)
    assert f"{small.year.sent} referrals came in" in page(play, figures)
    assert all(drawn.startswith("<svg") for drawn in charts(figures).values())
