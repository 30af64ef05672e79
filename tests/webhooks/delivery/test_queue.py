"""The queue under strain: two claimers, limits, fairness, order."""

import time
from datetime import timedelta

from sqlalchemy import text

from app.access.service import scope_to_system
from app.webhooks.delivery.client_pool import Transport
from app.webhooks.delivery.queue import claim_deliveries
from app.webhooks.vocabulary import Outcome
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.claiming import URL, claimed, finish, subject
from tests.webhooks.receiver import Receipt, Receiver, Reply, a_receiver


def test_what_one_worker_has_leased_another_does_not_get(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)
    for _ in range(4):
        setup.an_event()

    first, second = claimed(setup), claimed(setup)

    assert (len(first), second) == (4, [])


def test_two_workers_claiming_at_the_same_moment_share_nothing(setup: DeliverySetup) -> None:
    for _ in range(2):
        setup.an_endpoint(URL, max_in_flight=8)
    for _ in range(8):
        setup.an_event()

    with setup.sessions() as one, setup.sessions() as other:
        for session in (one, other):
            scope_to_system(session)
        mine = claim_deliveries(one, setup.now(), 5)
        yours = claim_deliveries(other, setup.now(), 100)
        one.commit()
        other.commit()

    assert not {row.delivery_id for row in mine} & {row.delivery_id for row in yours}
    assert len(mine) == 5


def test_retry_waits_until_its_time_and_not_a_moment_less(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)
    setup.an_event()
    finish(setup, claimed(setup), Outcome.SERVER_ERROR)

    early = claimed(setup)
    setup.clock.set(setup.delivery().due_at - timedelta(seconds=1))
    still_early = claimed(setup)
    setup.clock.set(setup.delivery().due_at)
    due = claimed(setup)

    assert (early, still_early, len(due)) == ([], [], 1)


def test_three_waves_of_calls_are_leased_ahead_and_no_more(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL, max_in_flight=3)
    for _ in range(20):
        setup.an_event()

    first = claimed(setup)
    second = claimed(setup)
    finish(setup, first[:2])
    third = claimed(setup)

    assert (len(first), len(second), len(third)) == (9, 0, 2)


def test_no_endpoint_is_called_more_often_at_once_than_it_bears(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, max_in_flight=3)
    for _ in range(30):
        setup.an_event()
    at_once: list[int] = []
    now: set[str] = set()

    def count(receipt: Receipt) -> Reply:
        now.add(receipt.event_id)
        at_once.append(len(now))
        time.sleep(0.02)
        now.discard(receipt.event_id)
        return Reply()

    receiver.answer = count

    setup.tick()

    assert max(at_once) == 3


def test_catching_up_is_paced_to_the_rate_the_partner_bears(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL, max_in_flight=8, rate_per_second=2)
    for _ in range(10):
        setup.an_event()

    taken = []
    for _ in range(4):
        batch = claimed(setup)
        finish(setup, batch)
        taken.append(len(batch))
        setup.pass_time(seconds=1)

    assert taken == [2, 2, 2, 2]


def test_busy_partner_does_not_take_the_room_of_the_others(setup: DeliverySetup) -> None:
    busy = setup.an_endpoint(URL, max_in_flight=8)
    for _ in range(20):
        setup.an_event()
    quiet = setup.an_endpoint(URL, "OTHER")
    setup.an_event("OTHER")

    found = claimed(setup, room=4)

    assert {row.endpoint_id for row in found} == {busy, quiet}


def test_ordered_endpoint_is_told_of_one_subject_in_the_order_it_happened(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, ordered=True)
    told = [setup.an_event(subject_id=subject(n % 3)) for n in range(12)]
    receiver.answer_in_turn(Reply(503), Reply(503), Reply(204))

    for _ in range(6):
        setup.tick()
        setup.pass_time(minutes=10)

    first_receipts: dict[str, list[str]] = {}
    for receipt in receiver.receipts:
        subjects = first_receipts.setdefault(str(receipt.data["action_id"]), [])
        if receipt.event_id not in subjects:
            subjects.append(receipt.event_id)
    assert first_receipts == {subject(n): told[n::3] for n in range(3)}


def test_failing_head_of_an_ordered_subject_holds_its_own_successors_only(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL, ordered=True)
    for n in (0, 0, 1):
        setup.an_event(subject_id=subject(n))
    heads = claimed(setup)
    finish(setup, [row for row in heads if row.tries == 0][:1], Outcome.SERVER_ERROR)

    assert len(heads) == 2
    assert claimed(setup) == []


def test_endpoint_without_anything_owed_is_not_locked(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)

    with setup.sessions() as session:
        scope_to_system(session)
        claim_deliveries(session, setup.now(), 10)

        locked = setup.in_system(lambda s: s.scalars(text("SELECT id FROM webhook_endpoint FOR UPDATE NOWAIT")).all())

    assert len(locked) == 1


def test_hanging_partner_does_not_slow_the_others(setup: DeliverySetup, receiver: Receiver) -> None:
    with a_receiver() as hanging:
        hanging.answer_in_turn(Reply(204, hang_seconds=3))
        setup.an_endpoint(hanging.url, "OTHER")
        setup.an_endpoint(receiver.url, "PARTNER")
        for _ in range(60):
            setup.an_event("PARTNER", "OTHER")
        arrived: list[float] = []

        def note_time(_receipt: Receipt) -> Reply:
            arrived.append(time.monotonic())
            return Reply()

        receiver.answer = note_time
        started = time.monotonic()

        setup.tick(transport=Transport(loopback_http=True, total_seconds=0.5))

        assert len(arrived) == 60
        assert arrived[-1] - started < 2.5
