"""Whatever people do, in whatever order and at the same moment, I0 to I7 hold after every step."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers
from tests.ownership.histories import (
    ANSWERS,
    DELAYS,
    NEWS,
    PARTINGS,
    QUESTIONS,
    REMOVALS,
    Move,
    World,
    any_move,
    moves_of,
)
from tests.ownership.invariants import broken

A_MORNING = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
STANDING = {"area", "agency", "post", "client", "alembic_version"}
SMALL, FULL = 45, 2_000
SMALL_BATCHES, FULL_BATCHES = 15, 400


@pytest.fixture
def world(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, owner_engine: Engine) -> World:
    with sessions.begin() as session:
        here = create_demo_area(session, "ANYTOWN", "national-baseline", clock.now())
        there = create_demo_area(session, "BORDER", "national-baseline", clock.now(), name="Border")
    both = [Callers(**{name: Caller(http, key) for name, key in area.keys.items()}) for area in (here, there)]
    return World(both[0], both[1], owner_engine, sessions, clock)


@pytest.fixture
def fresh(world: World) -> Callable[[], World]:
    """The same two areas, with nothing in them yet but one referral."""
    with world.engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (:standing)"),
            {"standing": sorted(STANDING)},
        ).all()

    def made() -> World:
        # DELETE and not TRUNCATE: the tables of one history hold a handful of rows, and files need not be made anew.
        with world.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("; ".join(f'DELETE FROM "{table}"' for table in tables)))
        world.clock.set(A_MORNING)
        world.begin()
        return world

    return made


def assert_holds(world: World) -> None:
    with world.engine.connect() as connection:
        found = broken(connection)
    assert not found, found


class Histories(RuleBasedStateMachine):
    """Every step is one move over HTTP, and after each PostgreSQL is asked.

    One rule for each sort of move: Hypothesis leaves some sorts out of a history and goes deeper in the rest.
    """

    fresh: ClassVar[Callable[[], World]]

    @initialize()
    def a_referral_comes_in(self) -> None:
        self.world = type(self).fresh()

    @rule(move=moves_of(*ANSWERS))
    def somebody_answers(self, move: Move) -> None:
        self._then(move)

    @rule(move=moves_of(*QUESTIONS))
    def somebody_is_asked(self, move: Move) -> None:
        self._then(move)

    @rule(move=moves_of(*NEWS))
    def something_new_arrives(self, move: Move) -> None:
        self._then(move)

    @rule(move=moves_of(*PARTINGS))
    def somebody_lets_go(self, move: Move) -> None:
        self._then(move)

    @rule(move=moves_of(*REMOVALS))
    def victim_moves(self, move: Move) -> None:
        self._then(move)

    @rule(move=moves_of(*DELAYS))
    def time_passes(self, move: Move) -> None:
        self._then(move)

    def _then(self, move: Move) -> None:
        self.world.tick()
        self.world.make(move)

    @invariant()
    def every_need_is_owned_and_nothing_was_closed_in_silence(self) -> None:
        assert_holds(self.world)


def run_histories(fresh: Callable[[], World], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        type("HistoriesHere", (Histories,), {"fresh": staticmethod(fresh)}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def run_at_once(fresh: Callable[[], World], examples: int) -> None:
    """Several callers move at the same moment, on threads of their own; then everybody stops, and we look."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],  # threads do not fail the same way twice: nothing to shrink
        suppress_health_check=list(HealthCheck),
    )
    @given(batches=st.lists(st.lists(any_move, min_size=2, max_size=4), min_size=1, max_size=4))
    def at_once(batches: list[list[Move]]) -> None:
        world = fresh()
        with ThreadPoolExecutor(max_workers=4) as callers:
            for batch in batches:
                world.tick()
                list(callers.map(world.make, batch))
                assert_holds(world)

    at_once()


def test_every_need_stays_owned_through_any_order_of_moves(fresh: Callable[[], World]) -> None:
    run_histories(fresh, SMALL, steps=6)


def test_every_need_stays_owned_when_callers_move_at_the_same_moment(fresh: Callable[[], World]) -> None:
    run_at_once(fresh, SMALL_BATCHES)


@pytest.mark.proof
def test_every_need_stays_owned_through_two_thousand_histories(fresh: Callable[[], World]) -> None:
    run_histories(fresh, FULL, steps=12)


@pytest.mark.proof
def test_every_need_stays_owned_through_hundreds_of_concurrent_histories(
    fresh: Callable[[], World],
) -> None:
    run_at_once(fresh, FULL_BATCHES)


def test_one_need_is_accepted_by_one_of_two_forums_that_answer_at_once(fresh: Callable[[], World]) -> None:
    world = fresh()
    waiting = world.ask("SELECT id, agency FROM proposal WHERE state = 'PROPOSED' AND kind = 'LEAD'")

    with ThreadPoolExecutor(max_workers=6) as callers:
        list(callers.map(world.make, [Move("accept", which, 0, honest=True) for which in range(6)]))

    owners = world.ask("SELECT count(*) AS many FROM ownership WHERE upper_inf(during) GROUP BY need_number")
    assert len(waiting) > 1
    assert {row.many for row in owners} == {1}
    assert_holds(world)
