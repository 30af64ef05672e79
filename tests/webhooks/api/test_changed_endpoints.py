"""An endpoint that is changed while calls for it are in hand: what still waits goes where the endpoint is now."""

import asyncio
import threading

from sqlalchemy.orm import Session

from app.webhooks.delivery.client_pool import ClientPool, Transport
from app.webhooks.delivery.sealing import seal_from
from app.webhooks.delivery.worker import TARGETS_STAND_FOR, DeliveryWorker
from app.webhooks.models import Endpoint
from tests.webhooks.given import Deliveries
from tests.webhooks.receiver import Receiver, Reply, a_receiver


def courier_of(house: Deliveries) -> DeliveryWorker:
    senders = ClientPool(Transport(loopback_http=True))
    return DeliveryWorker(
        house.sessions, senders, seal_from(house.settings.secret_key), lambda _: house.now()
    )


def move(house: Deliveries, endpoint_id: str, url: str) -> None:
    def act(session: Session) -> None:
        endpoint = session.get_one(Endpoint, endpoint_id)
        endpoint.url, endpoint.revision = url, endpoint.revision + 1

    house.in_system(act)


def test_calls_that_wait_while_their_endpoint_moves_go_to_the_new_address_and_lose_no_try(
    house: Deliveries, receiver: Receiver
) -> None:
    endpoint_id = house.an_endpoint(receiver.url, max_in_flight=1)
    events = [house.an_event() for _ in range(3)]
    moved = threading.Event()

    async def run(new_url: str) -> None:
        courier, arrived, loop = courier_of(house), asyncio.Event(), asyncio.get_running_loop()

        def hold() -> None:
            loop.call_soon_threadsafe(arrived.set)
            moved.wait(10)

        receiver.answer_in_turn(Reply(before=hold))
        await courier.turn()
        await arrived.wait()
        move(house, endpoint_id, new_url)
        house.clock.set(house.now() + 2 * TARGETS_STAND_FOR)
        await courier.turn()
        moved.set()
        await courier.until_idle()
        await courier.senders.close()

    with a_receiver() as new:
        asyncio.run(run(new.url))

    assert (receiver.ids, new.ids) == (events[:1], events[1:])
    assert [(row.state, row.tries) for row in house.deliveries()] == [("done", 1)] * 3
    assert [row["outcome"] for row in house.rows("attempt")] == ["received"] * 3


def test_revisions_that_pass_are_closed_once_their_last_call_has_ended(
    house: Deliveries, receiver: Receiver
) -> None:
    endpoint_id = house.an_endpoint(receiver.url)

    async def run() -> list[int]:
        courier, left = courier_of(house), list[int]()
        for _ in range(3):
            house.an_event()
            await courier.until_idle()
            move(house, endpoint_id, receiver.url)
            left.append(len(courier.senders._passed))
        await courier.senders.close()
        return left

    left = asyncio.run(run())

    assert len(receiver.receipts) == 3
    assert left == [0, 0, 0]
