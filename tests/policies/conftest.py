"""An area that is routed by a policy of its own."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Area
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers


@pytest.fixture
def owner(engine: Engine, owner_engine: Engine) -> Engine:
    return owner_engine


@pytest.fixture
def neighbours(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, callers: Callers) -> Callers:
    """The callers of another area that the same baseline routes."""
    with sessions.begin() as session:
        assert session.get(Area, "OTHERTOWN") is None
        keys = create_demo_area(session, "OTHERTOWN", "national-baseline", clock.now(), name="Othertown").keys
    return Callers(**{name: Caller(http, key) for name, key in keys.items()})
