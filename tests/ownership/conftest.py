"""A second area, for a victim who moves; and a case whose perpetrator everybody is asked about."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_serial_perpetrator, in_full
from tests.ownership.histories import World

A_MORNING = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
STANDING = {
    "row_scope_key", "area", "agency", "post", "client", "client_key", "client_key_use", "account", "alembic_version",
}  # fmt: skip


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
    return in_full(callers.coordinator, answer.json())


@pytest.fixture
def world(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, owner_engine: Engine) -> World:
    with sessions.begin() as session:
        here = create_demo_area(session, "ANYTOWN", "national-baseline", clock.now())
        there = create_demo_area(session, "BORDER", "national-baseline", clock.now(), name="Border")
    both = [Callers(**{name: Caller(http, key) for name, key in area.keys.items()}) for area in (here, there)]
    return World(both[0], both[1], owner_engine, sessions, clock)


@pytest.fixture
def fresh(world: World) -> Callable[..., World]:
    """The same two areas, with nothing in them yet but one referral; not even that unless it has `begun`."""
    with world.engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (:standing)"),
            {"standing": sorted(STANDING)},
        ).all()

    def made(*, begun: bool = True) -> World:
        # DELETE and not TRUNCATE: the tables of one history hold a handful of rows, and files need not be made anew.
        with world.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("; ".join(f'DELETE FROM "{table}"' for table in tables)))
        world.clock.set(A_MORNING)
        if begun:
            world.begin()
        return world

    return made
