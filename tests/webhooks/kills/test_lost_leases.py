"""Leases that are lost: dead workers, late outcomes, steps of the clock, and payloads under suspicion."""

from datetime import timedelta

import pytest

from app.access.service import scope_to_system
from app.webhooks.delivery.queue import LEASE, MOST_LOST_LEASES, claim_deliveries
from app.webhooks.vocabulary import Outcome
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.claiming import URL, claimed, finish
from tests.webhooks.measurements import save_measurement


def test_lease_of_a_worker_that_died_passes_on_when_it_ends(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)
    setup.an_event()
    (lost,) = claimed(setup)

    setup.pass_time(seconds=61)
    (again,) = claimed(setup)

    assert again.delivery_id == lost.delivery_id
    assert again.token != lost.token


def test_outcome_that_comes_after_its_lease_has_passed_on_changes_nothing(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)
    setup.an_event()
    slow = claimed(setup)
    setup.pass_time(seconds=61)
    quick = claimed(setup)

    counted = finish(setup, slow, Outcome.SERVER_ERROR)
    finish(setup, quick)

    assert counted == 0
    assert [(row["outcome"], row["late"]) for row in setup.rows("attempt", "number, late DESC")] == [
        ("server_error", True),
        ("received", False),
    ]
    assert setup.delivery().state == "done"


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-400)])
def test_step_of_the_clock_does_not_stall_what_is_leased_or_waits(step: timedelta, setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)
    for _ in range(4):
        setup.an_event()
    leased = claimed(setup, room=2)
    failed = claimed(setup, room=2)
    finish(setup, failed, Outcome.SERVER_ERROR)

    setup.clock.set(setup.now() + step)
    again = claimed(setup)

    assert {row.delivery_id for row in again} == {row.delivery_id for row in (*leased, *failed)}
    save_measurement("clock_step", 1, leases_waited=0)


def test_step_back_of_the_clock_does_not_stall_an_open_breaker(setup: DeliverySetup) -> None:
    later = setup.now() + timedelta(hours=1)
    setup.an_endpoint(URL, breaker_step=1, consecutive_failures=10, probe_at=later)
    setup.an_event()

    assert len(claimed(setup)) == 1


def test_step_back_of_the_clock_does_not_stall_a_paced_endpoint(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL, rate_per_second=1, paced_until=setup.now() + timedelta(hours=1))
    setup.an_event()

    assert len(claimed(setup)) == 1


def test_payload_that_ends_its_worker_each_time_is_set_aside_and_alarms_a_person(
    setup: DeliverySetup,
) -> None:
    setup.an_endpoint(URL)
    setup.an_event()

    for _ in range(MOST_LOST_LEASES):
        assert len(claimed(setup)) == 1
        setup.pass_time(hours=1)
    last = claimed(setup)
    setup.tick()

    assert last == []
    assert setup.delivery().state == "poison"
    assert [row["kind"] for row in setup.rows("work_item")] == ["poison"]


def test_call_that_is_lost_again_and_again_is_taken_up_later_each_time(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)
    setup.an_event()

    waits = []
    for _ in range(6):
        assert len(claimed(setup)) == 1
        leases = 0
        while not (found := claimable_after(setup, leases)):
            leases += 1
        waits.append(leases)
        assert found
        setup.clock.set(setup.now() + LEASE * (leases + 1) + timedelta(milliseconds=1))

    assert waits == [0, 0, 2, 4, 8, 16]


def claimable_after(setup: DeliverySetup, leases: int) -> bool:
    """Whether the one call could be taken up so many leases after its own has ended; nothing is claimed by asking."""
    with setup.sessions() as session:
        scope_to_system(session)
        found = claim_deliveries(session, setup.now() + LEASE * (leases + 1) + timedelta(milliseconds=1), 1)
        session.rollback()
    return bool(found)


def test_calls_under_suspicion_take_no_room_from_the_others(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL, max_in_flight=1)
    for _ in range(3):
        setup.an_event()
    for _ in range(4):
        claimed(setup)
        setup.pass_time(hours=1)
    claimed(setup)
    setup.clock.set(setup.now() + LEASE + timedelta(seconds=1))

    fresh = setup.an_event()

    assert [one.event_id for one in claimed(setup)] == [fresh]


def test_recorded_attempt_clears_the_suspicion_of_poison(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)
    setup.an_event()

    for _ in range(4):
        claimed(setup)
        setup.pass_time(hours=1)
    finish(setup, claimed(setup), Outcome.SERVER_ERROR)

    assert setup.delivery().claims == 0
