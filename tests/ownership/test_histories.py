"""Whatever people do, in whatever order and at the same moment, I0 to I7 hold after every step."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.ownership.actions_kept_right import wrong_actions
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

SMALL, FULL = 45, 2_000
SMALL_BATCHES, FULL_BATCHES = 15, 400


def assert_holds(world: World) -> None:
    with world.engine.connect() as connection:
        found = broken(connection)
    assert not found, found
    assert not (wrong := wrong_actions(world.sessions)), wrong


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
