"""What every test of meetings stands on."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers
from tests.meetings.sitting import Sitting


@pytest.fixture
def sitting(callers: Callers, clock: SettableClock) -> Sitting:
    """Tuesday 10 March 2026, 9:30; the calendar is empty."""
    return Sitting(callers, clock)


@pytest.fixture
def excluding(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock) -> Callers:
    """An area that routes by the rules of 2018: MATAC excludes whoever MARAC has."""
    with sessions.begin() as session:
        furnished = create_demo_area(session, "OLDTOWN", "cleveland-2018", clock.now(), name="Oldtown")
    return Callers(**{name: Caller(http, key) for name, key in furnished.keys.items()})
