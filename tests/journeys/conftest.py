"""ANYTOWN with a calendar, a partner that refers victims itself, and the hours of a case."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers
from tests.journeys.hours import Hours


@pytest.fixture
def hours(callers: Callers, http: TestClient, clock: SettableClock, sessions: sessionmaker[Session]) -> Hours:
    """Tuesday 10 March 2026, 9:30; MARAC meets every fourteen days from 26 March."""
    with sessions.begin() as session:
        _, key = add_client(
            session,
            name="Anytown IDVA referrals",
            agency="ANYTOWN-IDVA",
            role="hub.referrer",
            areas=["ANYTOWN"],
            now=clock.now(),
        )
    begun = Hours(callers, Caller(http, key), clock, sessions)
    begun.begin()
    return begun
