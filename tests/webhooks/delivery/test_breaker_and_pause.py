"""A receiver that fails: the breaker holds, the pause holds, and nothing is ever dropped."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.webhooks.delivery.endpoint_health import EndpointHealth, RecentCalls, health_after_outcome
from app.webhooks.vocabulary import EndpointStatus, Outcome
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.receiver import Receiver, Reply

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
WELL = EndpointHealth(EndpointStatus.ACTIVE, "verified", NOW, 0, None, 0, None)
FEW = RecentCalls(0, 0)
FAILURES = [outcome for outcome in Outcome if outcome not in {Outcome.RECEIVED, Outcome.WITHDRAWN, Outcome.GONE}]


def after_outcomes(
    health: EndpointHealth, outcomes: list[Outcome], recent: RecentCalls, now: datetime
) -> EndpointHealth:
    for outcome in outcomes:
        health = health_after_outcome(health, outcome, recent, now)
    return health


def test_ten_failures_in_a_row_open_the_breaker_and_nine_do_not() -> None:
    nine = after_outcomes(WELL, [Outcome.SERVER_ERROR] * 9, FEW, NOW)
    ten = after_outcomes(nine, [Outcome.TIMED_OUT], FEW, NOW)

    assert not nine.is_open
    assert ten.is_open
    assert ten.probe_at == NOW + timedelta(minutes=1)


def test_seventy_per_cent_of_twenty_calls_failing_opens_the_breaker() -> None:
    assert after_outcomes(WELL, [Outcome.SERVER_ERROR], RecentCalls(20, 14), NOW).is_open
    assert not after_outcomes(WELL, [Outcome.SERVER_ERROR], RecentCalls(20, 13), NOW).is_open
    assert not after_outcomes(WELL, [Outcome.SERVER_ERROR], RecentCalls(19, 19), NOW).is_open


@given(st.lists(st.sampled_from(FAILURES), max_size=40), st.integers(0, 119))
def test_one_success_makes_an_endpoint_well_again_whatever_went_before(failures: list[Outcome], hours: int) -> None:
    ill = after_outcomes(WELL, failures, FEW, NOW)

    well = after_outcomes(ill, [Outcome.RECEIVED], FEW, NOW + timedelta(hours=hours))

    assert (well.status, well.consecutive_failures, well.first_failure_at, well.is_open) == (
        EndpointStatus.ACTIVE, 0, None, False,
    )  # fmt: skip


@given(st.lists(st.sampled_from(FAILURES), min_size=10, max_size=60))
def test_breaker_is_open_after_ten_failures_whichever_they_are(failures: list[Outcome]) -> None:
    ill = after_outcomes(WELL, failures, FEW, NOW)

    assert ill.is_open
    assert ill.consecutive_failures == len(failures)


def test_failing_for_a_hundred_and_twenty_hours_pauses_the_endpoint() -> None:
    ill = after_outcomes(WELL, [Outcome.SERVER_ERROR], FEW, NOW)

    almost = after_outcomes(ill, [Outcome.SERVER_ERROR], FEW, NOW + timedelta(hours=119))
    then = after_outcomes(almost, [Outcome.SERVER_ERROR], FEW, NOW + timedelta(hours=120))

    assert almost.status == EndpointStatus.ACTIVE
    assert (then.status, then.status_reason) == (EndpointStatus.PAUSED, "every call has failed for 120 hours")


def test_probe_that_the_clock_has_left_behind_is_planned_anew() -> None:
    ill = after_outcomes(WELL, [Outcome.SERVER_ERROR] * 10, FEW, NOW + timedelta(hours=1))

    again = after_outcomes(ill, [Outcome.SERVER_ERROR], FEW, NOW)

    assert again.probe_at == NOW + timedelta(minutes=2)


def test_open_breaker_holds_rows_and_uses_up_none_of_their_tries(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, max_in_flight=1)
    receiver.answer_in_turn(Reply(503))
    for _ in range(30):
        setup.an_event()

    setup.tick()
    called = len(receiver.receipts)
    for _ in range(5):
        setup.tick()

    assert 10 <= called <= 12  # two more may have been in hand when it opened
    assert len(receiver.receipts) == called
    assert sum(delivery.tries for delivery in setup.deliveries()) == 10
    assert {delivery.state for delivery in setup.deliveries()} == {"pending"}


def test_open_breaker_lets_one_call_through_and_its_failure_costs_no_try(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, max_in_flight=1)
    receiver.answer_in_turn(Reply(503))
    for _ in range(30):
        setup.an_event()
    setup.tick()
    before = len(receiver.receipts)

    setup.pass_time(minutes=1)
    setup.tick()

    assert len(receiver.receipts) == before + 1
    assert sum(delivery.tries for delivery in setup.deliveries()) == 10


def test_receiver_that_is_well_again_gets_everything_that_was_held(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, max_in_flight=1)
    receiver.answer_in_turn(Reply(503))
    sent = {setup.an_event() for _ in range(30)}
    setup.tick()

    receiver.answer_in_turn(Reply(204))
    setup.pass_time(minutes=2)
    setup.tick()

    assert {delivery.state for delivery in setup.deliveries()} == {"done"}
    assert set(receiver.ids) == sent


def test_outage_of_three_days_exhausts_no_delivery(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, max_in_flight=1)
    receiver.answer_in_turn(Reply(503))
    for _ in range(12):
        setup.an_event()

    for _ in range(100):
        setup.tick(jobs=())
        setup.pass_time(minutes=45)

    assert {delivery.state for delivery in setup.deliveries()} == {"pending"}
    receiver.answer_in_turn(Reply(204))
    setup.tick()
    setup.pass_time(days=1)
    setup.tick()
    assert {delivery.state for delivery in setup.deliveries()} == {"done"}


def test_gone_pauses_the_endpoint_keeps_its_events_and_alarms_a_person(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    endpoint_id = setup.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(410))
    setup.an_event()

    setup.tick()
    later = setup.an_event()
    setup.tick()

    assert (setup.endpoint(endpoint_id).status, len(receiver.receipts)) == ("paused", 1)
    assert {row.event_id: row.state for row in setup.deliveries()}[later] == "pending"
    assert [row["kind"] for row in setup.rows("work_item")] == ["endpoint_paused"]
    (told,) = [row for row in setup.rows("event") if row["type"] == "endpoint.paused"]
    assert told["agencies"] == ["COORD", "PARTNER"]


def test_single_call_that_is_always_refused_ends_on_a_persons_list(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    refused = setup.an_event()
    receiver.answer = lambda receipt: Reply(422 if receipt.event_id == refused else 204)

    for _ in range(20):
        setup.tick()
        setup.an_event()
        setup.pass_time(hours=30)

    states = {row.event_id: (row.state, row.tries) for row in setup.deliveries()}
    assert states[refused] == ("exhausted", 11)
    assert "exhausted" in {row["kind"] for row in setup.rows("work_item")}
