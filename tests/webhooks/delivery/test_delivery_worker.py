"""From a committed event to a received call."""

import pytest
from sqlalchemy.orm import Session

from tests.webhooks.given import Deliveries, an_event
from tests.webhooks.receiver import Receiver, Reply


def test_event_reaches_the_subscriber_with_its_exact_stored_bytes(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    event_id = house.an_event()

    house.tick()

    (stored,) = house.rows("event")
    assert [(one.event_id, one.body) for one in receiver.receipts] == [(event_id, bytes(stored["body"]))]
    assert house.delivery().state == "done"


def test_event_of_a_rolled_back_change_is_never_sent(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url)

    def change_that_fails(session: Session) -> None:
        an_event(session, ("PARTNER",), house.now(), {})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        house.in_system(change_that_fails)
    house.tick()

    assert receiver.receipts == []


def test_failed_call_is_tried_again_when_its_wait_is_over(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url)
    house.an_event()
    receiver.answer_in_turn(Reply(503), Reply())

    house.tick()
    house.tick()
    house.pass_time(seconds=7)
    house.tick()

    assert [row["outcome"] for row in house.rows("attempt", "number")] == ["server_error", "received"]
    assert len(set(receiver.ids)) == 1
    assert house.delivery().state == "done"
