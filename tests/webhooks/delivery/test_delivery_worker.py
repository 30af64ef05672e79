"""From a committed event to a received call."""

import pytest
from sqlalchemy.orm import Session

from tests.webhooks.builders import DeliverySetup, an_event
from tests.webhooks.receiver import Receiver, Reply


def test_event_reaches_the_subscriber_with_its_exact_stored_bytes(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    event_id = setup.an_event()

    setup.tick()

    (stored,) = setup.rows("event")
    assert [(one.event_id, one.body) for one in receiver.receipts] == [(event_id, bytes(stored["body"]))]
    assert setup.delivery().state == "done"


def test_event_of_a_rolled_back_change_is_never_sent(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)

    def change_that_fails(session: Session) -> None:
        an_event(session, ("PARTNER",), setup.now(), {})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        setup.in_system(change_that_fails)
    setup.tick()

    assert receiver.receipts == []


def test_failed_call_is_tried_again_when_its_wait_is_over(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    setup.an_event()
    receiver.answer_in_turn(Reply(503), Reply())

    setup.tick()
    setup.tick()
    setup.pass_time(seconds=7)
    setup.tick()

    assert [row["outcome"] for row in setup.rows("attempt", "number")] == ["server_error", "received"]
    assert len(set(receiver.ids)) == 1
    assert setup.delivery().state == "done"
