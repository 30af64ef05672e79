"""Two areas that share a perpetrator and nothing else, and the worker that releases what is owed."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.flows.telling import Telling
from tests.given import Caller, Callers

AnArea = Callable[[str], Callers]


@pytest.fixture
def an_area(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock) -> AnArea:
    """Furnishes a further area and returns its callers."""

    def furnish(code: str) -> Callers:
        with sessions.begin() as session:
            keys = create_demo_area(session, code, "national-baseline", clock.now(), name=code.capitalize()).keys
        return Callers(**{name: Caller(http, key) for name, key in keys.items()})

    return furnish


@pytest.fixture
def durham(an_area: AnArea, callers: Callers) -> Callers:
    """The callers of Durham. `callers` are those of Anytown."""
    return an_area("DURHAM")


@pytest.fixture
def telling(sessions: sessionmaker[Session], clock: SettableClock) -> Telling:
    return Telling(sessions, clock)
