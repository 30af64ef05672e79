"""Leases that are lost: dead workers, late outcomes, steps of the clock, and payloads under suspicion."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.webhooks.delivery.queue import LEASE, MOST_LOST_LEASES, claim
from app.webhooks.vocabulary import Outcome
from tests.webhooks.claiming import URL, claimed, finish
from tests.webhooks.figures import keep_figures
from tests.webhooks.given import Deliveries


def test_lease_of_a_worker_that_died_passes_on_when_it_ends(house: Deliveries) -> None:
    house.an_endpoint(URL)
    house.an_event()
    (lost,) = claimed(house)

    house.pass_time(seconds=61)
    (again,) = claimed(house)

    assert again.delivery_id == lost.delivery_id
    assert again.token != lost.token


def test_outcome_that_comes_after_its_lease_has_passed_on_changes_nothing(house: Deliveries) -> None:
    house.an_endpoint(URL)
    house.an_event()
    slow = claimed(house)
    house.pass_time(seconds=61)
    quick = claimed(house)

    counted = finish(house, slow, Outcome.SERVER_ERROR)
    finish(house, quick)

    assert counted == 0
    assert [(row["outcome"], row["late"]) for row in house.rows("attempt", "number, late DESC")] == [
        ("server_error", True),
        ("received", False),
    ]
    assert house.delivery().state == "done"


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-400)])
def test_step_of_the_clock_does_not_stall_what_is_leased_or_waits(step: timedelta, house: Deliveries) -> None:
    house.an_endpoint(URL)
    for _ in range(4):
        house.an_event()
    leased = claimed(house, room=2)
    failed = claimed(house, room=2)
    finish(house, failed, Outcome.SERVER_ERROR)

    house.clock.set(house.now() + step)
    again = claimed(house)

    assert {row.delivery_id for row in again} == {row.delivery_id for row in (*leased, *failed)}
    keep_figures("clock_step", 1, leases_waited=0)


def test_step_back_of_the_clock_does_not_stall_an_open_breaker(house: Deliveries) -> None:
    later = house.now() + timedelta(hours=1)
    house.an_endpoint(URL, breaker_step=1, consecutive_failures=10, probe_at=later)
    house.an_event()

    assert len(claimed(house)) == 1


def test_step_back_of_the_clock_does_not_stall_a_paced_endpoint(house: Deliveries) -> None:
    house.an_endpoint(URL, rate_per_second=1, paced_until=house.now() + timedelta(hours=1))
    house.an_event()

    assert len(claimed(house)) == 1


def test_payload_that_ends_its_worker_each_time_is_set_aside_and_alarms_a_person(house: Deliveries) -> None:
    house.an_endpoint(URL)
    house.an_event()

    for _ in range(MOST_LOST_LEASES):
        assert len(claimed(house)) == 1
        house.pass_time(hours=1)
    last = claimed(house)
    house.tick()

    assert last == []
    assert house.delivery().state == "poison"
    assert [row["kind"] for row in house.rows("work_item")] == ["poison"]


def test_call_that_is_lost_again_and_again_is_taken_up_later_each_time(house: Deliveries) -> None:
    house.an_endpoint(URL)
    house.an_event()

    waits = []
    for _ in range(6):
        assert len(claimed(house)) == 1
        leases = 0
        while not (found := claimable_after(house, leases)):
            leases += 1
        waits.append(leases)
        assert found
        house.clock.set(house.now() + LEASE * (leases + 1) + timedelta(milliseconds=1))

    assert waits == [0, 0, 2, 4, 8, 16]


def claimable_after(house: Deliveries, leases: int) -> bool:
    """Whether the one call could be taken up so many leases after its own has ended; nothing is claimed by asking."""
    with house.sessions() as session:
        session.execute(text("SELECT set_config('app.row_scope', 'system', true)"))
        found = claim(session, house.now() + LEASE * (leases + 1) + timedelta(milliseconds=1), 1)
        session.rollback()
    return bool(found)


def test_calls_under_suspicion_take_no_room_from_the_others(house: Deliveries) -> None:
    house.an_endpoint(URL, max_in_flight=1)
    for _ in range(3):
        house.an_event()
    for _ in range(4):
        claimed(house)
        house.pass_time(hours=1)
    claimed(house)
    house.clock.set(house.now() + LEASE + timedelta(seconds=1))

    fresh = house.an_event()

    assert [one.event_id for one in claimed(house)] == [fresh]


def test_recorded_attempt_clears_the_suspicion_of_poison(house: Deliveries) -> None:
    house.an_endpoint(URL)
    house.an_event()

    for _ in range(4):
        claimed(house)
        house.pass_time(hours=1)
    finish(house, claimed(house), Outcome.SERVER_ERROR)

    assert house.delivery().claims == 0
