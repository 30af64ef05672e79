"""Tuesday 10 March 2026, 9:30: a furnished area, and nobody is asked anything yet."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from tests.enquiries.given_enquiries import Asked
from tests.given import Callers


@pytest.fixture
def asked(callers: Callers, clock: SettableClock, sessions: sessionmaker[Session], owner_engine: Engine) -> Asked:
    return Asked(callers, clock, sessions, owner_engine)
