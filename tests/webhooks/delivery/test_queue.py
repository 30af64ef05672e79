"""The queue under strain: two claimers, limits, fairness, order."""

import time
from datetime import timedelta

from sqlalchemy import text

from app.webhooks.delivery.client_pool import Transport
from app.webhooks.delivery.queue import claim
from app.webhooks.vocabulary import Outcome
from tests.webhooks.claiming import URL, claimed, finish, subject
from tests.webhooks.given import Deliveries
from tests.webhooks.receiver import Receipt, Receiver, Reply, a_receiver


def test_what_one_worker_has_leased_another_does_not_get(house: Deliveries) -> None:
    house.an_endpoint(URL)
    for _ in range(4):
        house.an_event()

    first, second = claimed(house), claimed(house)

    assert (len(first), second) == (4, [])


def test_two_workers_claiming_at_the_same_moment_share_nothing(house: Deliveries) -> None:
    for _ in range(2):
        house.an_endpoint(URL, max_in_flight=8)
    for _ in range(8):
        house.an_event()

    with house.sessions() as one, house.sessions() as other:
        for session in (one, other):
            session.execute(text("SELECT set_config('app.row_scope', 'system', true)"))
        mine = claim(one, house.now(), 5)
        yours = claim(other, house.now(), 100)
        one.commit()
        other.commit()

    assert not {row.delivery_id for row in mine} & {row.delivery_id for row in yours}
    assert len(mine) == 5


def test_retry_waits_until_its_time_and_not_a_moment_less(house: Deliveries) -> None:
    house.an_endpoint(URL)
    house.an_event()
    finish(house, claimed(house), Outcome.SERVER_ERROR)

    early = claimed(house)
    house.clock.set(house.delivery().due_at - timedelta(seconds=1))
    still_early = claimed(house)
    house.clock.set(house.delivery().due_at)
    due = claimed(house)

    assert (early, still_early, len(due)) == ([], [], 1)


def test_three_waves_of_calls_are_leased_ahead_and_no_more(house: Deliveries) -> None:
    house.an_endpoint(URL, max_in_flight=3)
    for _ in range(20):
        house.an_event()

    first = claimed(house)
    second = claimed(house)
    finish(house, first[:2])
    third = claimed(house)

    assert (len(first), len(second), len(third)) == (9, 0, 2)


def test_no_endpoint_is_called_more_often_at_once_than_it_bears(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url, max_in_flight=3)
    for _ in range(30):
        house.an_event()
    at_once: list[int] = []
    now: set[str] = set()

    def count(receipt: Receipt) -> Reply:
        now.add(receipt.event_id)
        at_once.append(len(now))
        time.sleep(0.02)
        now.discard(receipt.event_id)
        return Reply()

    receiver.answer = count

    house.tick()

    assert max(at_once) == 3


def test_catching_up_is_paced_to_the_rate_the_partner_bears(house: Deliveries) -> None:
    house.an_endpoint(URL, max_in_flight=8, rate_per_second=2)
    for _ in range(10):
        house.an_event()

    taken = []
    for _ in range(4):
        batch = claimed(house)
        finish(house, batch)
        taken.append(len(batch))
        house.pass_time(seconds=1)

    assert taken == [2, 2, 2, 2]


def test_busy_partner_does_not_take_the_room_of_the_others(house: Deliveries) -> None:
    busy = house.an_endpoint(URL, max_in_flight=8)
    for _ in range(20):
        house.an_event()
    quiet = house.an_endpoint(URL, "OTHER")
    house.an_event("OTHER")

    found = claimed(house, room=4)

    assert {row.endpoint_id for row in found} == {busy, quiet}


def test_ordered_endpoint_is_told_of_one_subject_in_the_order_it_happened(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url, ordered=True)
    told = [house.an_event(subject_id=subject(n % 3)) for n in range(12)]
    receiver.answer_in_turn(Reply(503), Reply(503), Reply(204))

    for _ in range(6):
        house.tick()
        house.pass_time(minutes=10)

    first_receipts: dict[str, list[str]] = {}
    for receipt in receiver.receipts:
        subjects = first_receipts.setdefault(str(receipt.data["action_id"]), [])
        if receipt.event_id not in subjects:
            subjects.append(receipt.event_id)
    assert first_receipts == {subject(n): told[n::3] for n in range(3)}


def test_failing_head_of_an_ordered_subject_holds_its_own_successors_only(house: Deliveries) -> None:
    house.an_endpoint(URL, ordered=True)
    for n in (0, 0, 1):
        house.an_event(subject_id=subject(n))
    heads = claimed(house)
    finish(house, [row for row in heads if row.tries == 0][:1], Outcome.SERVER_ERROR)

    assert len(heads) == 2
    assert claimed(house) == []


def test_endpoint_without_anything_owed_is_not_locked(house: Deliveries) -> None:
    house.an_endpoint(URL)

    with house.sessions() as session:
        session.execute(text("SELECT set_config('app.row_scope', 'system', true)"))
        claim(session, house.now(), 10)

        locked = house.in_system(
            lambda s: s.scalars(text("SELECT id FROM webhook_endpoint FOR UPDATE NOWAIT")).all()
        )

    assert len(locked) == 1


def test_hanging_partner_does_not_slow_the_others(house: Deliveries, receiver: Receiver) -> None:
    with a_receiver() as hanging:
        hanging.answer_in_turn(Reply(204, hang_seconds=3))
        house.an_endpoint(hanging.url, "OTHER")
        house.an_endpoint(receiver.url, "PARTNER")
        for _ in range(60):
            house.an_event("PARTNER", "OTHER")
        arrived: list[float] = []

        def note_time(_receipt: Receipt) -> Reply:
            arrived.append(time.monotonic())
            return Reply()

        receiver.answer = note_time
        started = time.monotonic()

        house.tick(wire=Transport(loopback_http=True, total_seconds=0.5))

        assert len(arrived) == 60
        assert arrived[-1] - started < 2.5
