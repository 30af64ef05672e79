"""ANYTOWN, and who administers the people of its MARAC."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from tests.accounts.given_accounts import an_administrator
from tests.given import Caller, Callers


@pytest.fixture
def administrator(http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Caller:
    """Administers ANYTOWN-MARAC."""
    return an_administrator(http, sessions, clock)
