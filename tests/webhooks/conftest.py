"""Delivery tests: real PostgreSQL, a real receiver on loopback, a clock that is set."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from tests.given import Caller, Callers
from tests.webhooks.builders import DeliverySetup, furnish_area
from tests.webhooks.receiver import Receiver, a_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as listening:
        yield listening


@pytest.fixture
def setup(
    engine: Engine,
    owner_engine: Engine,
    sessions: sessionmaker[Session],
    settings: Settings,
    clock: SettableClock,
) -> DeliverySetup:
    """A furnished area, and everything a delivery needs."""
    made = DeliverySetup(engine, sessions, settings, clock, owner_engine)
    made.in_system(furnish_area)
    return made


@pytest.fixture
def partner(callers: Callers) -> Caller:
    return callers.council


@pytest.fixture
def subscribed(
    callers: Callers,
    engine: Engine,
    owner_engine: Engine,
    sessions: sessionmaker[Session],
    settings: Settings,
    clock: SettableClock,
) -> DeliverySetup:
    """The same database as the callers', already furnished."""
    return DeliverySetup(engine, sessions, settings, clock, owner_engine)
