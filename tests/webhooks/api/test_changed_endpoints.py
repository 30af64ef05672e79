"""An endpoint that is changed while calls for it are in hand: what still waits goes where the endpoint is now."""

import asyncio
import threading

from sqlalchemy.orm import Session

from app.webhooks.delivery.client_pool import ClientPool, Transport
from app.webhooks.delivery.sealing import webhook_seal
from app.webhooks.delivery.worker import TARGETS_STAND_FOR, DeliveryWorker
from app.webhooks.models import Endpoint
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.receiver import Receiver, Reply, a_receiver


def a_delivery_worker(setup: DeliverySetup) -> DeliveryWorker:
    clients = ClientPool(Transport(loopback_http=True))
    return DeliveryWorker(setup.sessions, clients, webhook_seal(setup.settings.secret_key), lambda _: setup.now())


def move(setup: DeliverySetup, endpoint_id: str, url: str) -> None:
    def act(session: Session) -> None:
        endpoint = session.get_one(Endpoint, endpoint_id)
        endpoint.url, endpoint.revision = url, endpoint.revision + 1

    setup.in_system(act)


def test_calls_that_wait_while_their_endpoint_moves_go_to_the_new_address_and_lose_no_try(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    endpoint_id = setup.an_endpoint(receiver.url, max_in_flight=1)
    events = [setup.an_event() for _ in range(3)]
    moved = threading.Event()

    async def run(new_url: str) -> None:
        delivery_worker, arrived, loop = a_delivery_worker(setup), asyncio.Event(), asyncio.get_running_loop()

        def hold() -> None:
            loop.call_soon_threadsafe(arrived.set)
            moved.wait(10)

        receiver.answer_in_turn(Reply(before=hold))
        await delivery_worker.run_round()
        await arrived.wait()
        move(setup, endpoint_id, new_url)
        setup.clock.set(setup.now() + 2 * TARGETS_STAND_FOR)
        await delivery_worker.run_round()
        moved.set()
        await delivery_worker.run_until_idle()
        await delivery_worker.clients.close()

    with a_receiver() as new:
        asyncio.run(run(new.url))

    assert (receiver.ids, new.ids) == (events[:1], events[1:])
    assert [(row.state, row.tries) for row in setup.deliveries()] == [("done", 1)] * 3
    assert [row["outcome"] for row in setup.rows("attempt")] == ["received"] * 3


def test_revisions_that_pass_are_closed_once_their_last_call_has_ended(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    endpoint_id = setup.an_endpoint(receiver.url)

    async def run() -> list[int]:
        delivery_worker, left = a_delivery_worker(setup), list[int]()
        for _ in range(3):
            setup.an_event()
            await delivery_worker.run_until_idle()
            move(setup, endpoint_id, receiver.url)
            left.append(len(delivery_worker.clients._superseded))
        await delivery_worker.clients.close()
        return left

    left = asyncio.run(run())

    assert len(receiver.receipts) == 3
    assert left == [0, 0, 0]
