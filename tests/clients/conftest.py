"""ANYTOWN, who administers the systems of its MARAC, and the system of its co-ordinator."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from tests.accounts.given_accounts import an_administrator
from tests.given import Caller, Callers


@pytest.fixture
def administrator(http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Caller:
    """Administers the systems of ANYTOWN-MARAC."""
    return an_administrator(http, sessions, clock)


@pytest.fixture
def system(administrator: Caller) -> dict[str, Any]:
    """The co-ordinator's system, as its administrator sees it."""
    systems = administrator.get("/v1/clients").json()["items"]
    found: dict[str, Any] = next(one for one in systems if one["role"] == "marac.coordinator")
    return found
