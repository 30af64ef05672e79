"""A second area, for a victim who moves; and a case whose perpetrator everybody is asked about."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_serial_perpetrator


@pytest.fixture
def elsewhere(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock) -> Callers:
    """A furnished area called BORDER, to which a victim can move."""
    with sessions.begin() as session:
        furnished = create_demo_area(session, "BORDER", "national-baseline", clock.now(), name="Border")
    return Callers(**{name: Caller(http, key) for name, key in furnished.keys.items()})


@pytest.fixture
def routed(callers: Callers) -> dict[str, Any]:
    answer = callers.hub.post("/v1/referrals", a_serial_perpetrator())
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body
