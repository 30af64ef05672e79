"""One case for 14 days in which everybody does everything in time: how many messages that makes, and to whom.

Source: design note on proportion, section 5, target [I]: five at most, and none to managers. "In time" is any moment
from the asking to the deadline, drawn for each thing.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.models import Report
from app.foundation.clock import SettableClock, london_instant
from app.foundation.settings import Settings
from app.reminders.models import ReminderMessage
from app.vocabulary import Role
from bench.year.behaviour import read_behaviour
from bench.year.force import open_force
from bench.year.looking_up import Knowledge
from bench.year.people import People
from bench.year.playing import Year
from bench.year.sittings import Sittings
from tests.journeys.portfolio.bodies import body_of
from tests.journeys.portfolio.test_cases_are_told_apart import ROWS

DAYS, MOST = 14, 5
PUNCTUAL = replace(read_behaviour(), promptness={"on_time": 1.0}, declines=0.0)
ABOVE = {Role.LINE_MANAGER, Role.STRATEGIC_LEAD}


@pytest.mark.parametrize("name", ["01-high-sixteen-ticks", "03-medium-first-report"])
def test_case_on_which_everybody_is_in_time_says_next_to_nothing(
    name: str, http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, settings: Settings
) -> None:
    monday = london_instant(PUNCTUAL.first_day, 10)
    clock.set(monday)
    force = open_force(http, sessions, clock, settings.secret_key)
    people = People(force, Knowledge(PUNCTUAL.answers))
    year = Year(force, PUNCTUAL, people, Sittings(force, PUNCTUAL, people.calendar))
    year.sittings.start()
    sent = body_of(ROWS[name]["post"][0], monday, monday) | {"source_reference": "DV-1"}
    routed = force.posted("refer", force.callers["hub"], "/v1/referrals", sent)
    assert routed is not None, force.examples
    people.known.assessed[routed["referral_id"]] = sent["assessment"]

    for number in range(DAYS):
        year.play_day(PUNCTUAL.first_day + timedelta(days=number), iter(()))

    with sessions.begin() as session:
        scope_to_system(session)
        assert session.scalars(select(Report)).all(), "people work, and nobody is silent because nothing was asked"
        informed = [(one.event_id, one.role) for one in session.scalars(select(ReminderMessage))]
    assert len({event for event, _ in informed}) <= MOST, informed
    assert not {role for _, role in informed} & ABOVE
