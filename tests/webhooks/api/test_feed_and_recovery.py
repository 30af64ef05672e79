"""The feed misses no event, and a recovery sends every event of its range."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.service import scope_to_system
from app.vocabulary import EventType, SubjectType
from app.webhooks.feed_repository import place_new_events, read_feed
from app.webhooks.models import Delivery, Endpoint
from app.webhooks.subscriptions.recoveries import replay_delivery, start_recovery
from tests.webhooks.builders import ASKER, DeliverySetup, an_event
from tests.webhooks.receiver import Receiver


def read(setup: DeliverySetup, after: int = 0, limit: int = 1000) -> list[tuple[int, str]]:
    def look(session: Session) -> list[tuple[int, str]]:
        place_new_events(session)
        return [(row.position, row.event_id) for row in read_feed(session, after, [], limit, setup.now())]

    found: list[tuple[int, str]] = setup.in_system(look)
    return found


def test_reader_that_goes_on_from_its_last_place_sees_everything_once(setup: DeliverySetup) -> None:
    told = [setup.an_event() for _ in range(7)]

    seen: list[str] = []
    place = 0
    while page := read(setup, place, limit=3):
        seen += [event_id for _, event_id in page]
        place = page[-1][0]

    assert seen == told


def test_event_whose_transaction_was_slow_to_commit_is_not_passed_by_the_reader(setup: DeliverySetup) -> None:
    with setup.sessions() as slow:
        scope_to_system(slow)
        late = an_event(slow, ("PARTNER",), setup.now(), {})
        quick = setup.an_event()
        first = read(setup)
        slow.commit()

    second = read(setup, first[-1][0])

    assert [event_id for _, event_id in first] == [quick]
    assert [event_id for _, event_id in second] == [late]


def test_verifications_and_tests_of_endpoints_are_not_in_the_feed(setup: DeliverySetup) -> None:
    setup.an_event(type=EventType.ENDPOINT_TEST, subject_type=SubjectType.ENDPOINT, subject_id="whe_x")
    told = setup.an_event()

    assert [event_id for _, event_id in read(setup)] == [told]


def test_feed_goes_thirty_days_back_and_no_further(setup: DeliverySetup) -> None:
    setup.an_event()
    setup.pass_time(days=31)
    told = setup.an_event()

    assert [event_id for _, event_id in read(setup)] == [told]


def test_replay_is_a_delivery_of_its_own_with_the_same_id_and_bytes(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    setup.an_event()
    setup.tick()
    first = setup.delivery()

    for _ in range(2):
        setup.transact(lambda tx: replay_delivery(tx, tx.session.get_one(Delivery, first.id)), ASKER)
    setup.tick()

    assert len(receiver.receipts) == 3
    assert len({(one.event_id, one.body) for one in receiver.receipts}) == 1
    assert [(row.replay_of, row.requested_by) for row in setup.deliveries()[1:]] == [(first.id, "PARTNER/asker")] * 2


@pytest.mark.parametrize("events", [3, 603])
def test_recovery_of_a_range_tells_every_event_again_without_a_cap(
    events: int, setup: DeliverySetup, receiver: Receiver
) -> None:
    endpoint_id = setup.an_endpoint(receiver.url, max_in_flight=8)
    before = setup.an_event()
    setup.pass_time(hours=1)
    since = setup.now()
    for _ in range(events):
        setup.an_event()
    setup.pass_time(hours=1)
    setup.in_system(lambda s: s.execute(text("UPDATE delivery SET state = 'cancelled'")))

    setup.transact(
        lambda tx: start_recovery(tx, tx.session.get_one(Endpoint, endpoint_id), since, setup.now()),
        ASKER,
    )
    setup.tick()

    (recovery,) = setup.rows("webhook_recovery")
    assert recovery["replayed"] == events
    assert recovery["finished_at"] == setup.now()
    assert len(set(receiver.ids)) == events
    assert before not in receiver.ids


def test_recovery_keeps_to_what_the_endpoint_asked_for(setup: DeliverySetup, receiver: Receiver) -> None:
    endpoint_id = setup.an_endpoint(receiver.url, areas=["ANYTOWN"])
    setup.an_event("OTHER")
    setup.an_event("PARTNER", area="ELSEWHERE")
    wanted = setup.an_event("PARTNER")
    setup.tick()

    setup.transact(
        lambda tx: start_recovery(
            tx,
            tx.session.get_one(Endpoint, endpoint_id),
            setup.now() - timedelta(days=1),
            setup.now() + timedelta(seconds=1),
        ),
        ASKER,
    )
    setup.tick()

    assert receiver.ids == [wanted, wanted]


def test_what_happens_now_is_told_before_what_is_told_again(setup: DeliverySetup, receiver: Receiver) -> None:
    endpoint_id = setup.an_endpoint(receiver.url, max_in_flight=1)
    old = [setup.an_event() for _ in range(5)]
    setup.tick()
    setup.transact(
        lambda tx: start_recovery(
            tx,
            tx.session.get_one(Endpoint, endpoint_id),
            setup.now() - timedelta(days=1),
            setup.now() + timedelta(seconds=1),
        ),
        ASKER,
    )
    new = setup.an_event()

    setup.tick()

    assert receiver.ids == [*old, new, *old]


def test_paused_endpoint_gets_everything_in_order_of_urgency_when_it_is_resumed(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    endpoint_id = setup.an_endpoint(receiver.url, max_in_flight=1, status="paused")
    usual = [setup.an_event() for _ in range(20)]
    setup.pass_time(days=7)
    urgent = setup.an_event(priority=1)
    setup.tick()
    assert receiver.receipts == []

    setup.in_system(lambda s: s.execute(text("UPDATE webhook_endpoint SET status = 'active'")))
    setup.tick()

    assert receiver.ids == [urgent, *usual]
    assert setup.endpoint(endpoint_id).status == "active"
