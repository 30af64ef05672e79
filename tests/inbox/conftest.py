"""Two areas whose posts read their inboxes."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_serial_perpetrator
from tests.meetings.sitting import Sitting


@pytest.fixture
def routed(callers: Callers) -> dict[str, Any]:
    """A HIGH report about a perpetrator whom MAPPA manages at level 1, of 10 March at 9:30."""
    answer = callers.hub.post("/v1/referrals", a_serial_perpetrator())
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def sitting(callers: Callers, clock: SettableClock) -> Sitting:
    return Sitting(callers, clock)


@pytest.fixture
def elsewhere(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, callers: Callers) -> Callers:
    """The callers of another area."""
    with sessions.begin() as session:
        keys = create_demo_area(session, "BORDER", "national-baseline", clock.now(), name="Border").keys
    return Callers(**{name: Caller(http, key) for name, key in keys.items()})
