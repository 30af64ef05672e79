"""The feed misses nothing, and telling again has no silent end."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.vocabulary import EventType
from app.webhooks.delivery.feed import place_new, read_feed
from app.webhooks.models import Delivery, Endpoint
from app.webhooks.subscriptions.recoveries import replay_one, start_recovery
from tests.webhooks.given import Deliveries, an_event
from tests.webhooks.receiver import Receiver


def read(house: Deliveries, after: int = 0, limit: int = 1000) -> list[tuple[int, str]]:
    def look(session: Session) -> list[tuple[int, str]]:
        place_new(session)
        return [(row.position, row.event_id) for row in read_feed(session, after, [], limit, house.now())]

    found: list[tuple[int, str]] = house.in_system(look)
    return found


def test_reader_that_goes_on_from_its_last_place_sees_everything_once(house: Deliveries) -> None:
    told = [house.an_event() for _ in range(7)]

    seen: list[str] = []
    place = 0
    while page := read(house, place, limit=3):
        seen += [event_id for _, event_id in page]
        place = page[-1][0]

    assert seen == told


def test_event_whose_transaction_was_slow_to_commit_is_not_passed_by_the_reader(house: Deliveries) -> None:
    with house.sessions() as slow:
        slow.execute(text("SELECT set_config('app.row_scope', 'system', true)"))
        late = an_event(slow, ("PARTNER",), house.now(), {})
        quick = house.an_event()
        first = read(house)
        slow.commit()

    second = read(house, first[-1][0])

    assert [event_id for _, event_id in first] == [quick]
    assert [event_id for _, event_id in second] == [late]


def test_verifications_and_tests_of_endpoints_are_not_in_the_feed(house: Deliveries) -> None:
    house.an_event(type=EventType.ENDPOINT_TEST, subject_type="endpoint", subject_id="whe_x")
    told = house.an_event()

    assert [event_id for _, event_id in read(house)] == [told]


def test_feed_goes_thirty_days_back_and_no_further(house: Deliveries) -> None:
    house.an_event()
    house.pass_time(days=31)
    told = house.an_event()

    assert [event_id for _, event_id in read(house)] == [told]


def test_replay_is_a_delivery_of_its_own_with_the_same_id_and_bytes(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    house.an_event()
    house.tick()
    first = house.delivery()

    for _ in range(2):
        house.in_system(
            lambda session: replay_one(
                session, session.get_one(Delivery, first.id), "PARTNER/asker", house.now()
            )
        )
    house.tick()

    assert len(receiver.receipts) == 3
    assert len({(one.event_id, one.body) for one in receiver.receipts}) == 1
    assert [(row.replay_of, row.requested_by) for row in house.deliveries()[1:]] == [
        (first.id, "PARTNER/asker")
    ] * 2


@pytest.mark.parametrize("events", [3, 603])
def test_recovery_of_a_range_tells_every_event_again_without_a_cap(
    events: int, house: Deliveries, receiver: Receiver
) -> None:
    endpoint_id = house.an_endpoint(receiver.url, max_in_flight=8)
    before = house.an_event()
    house.pass_time(hours=1)
    since = house.now()
    for _ in range(events):
        house.an_event()
    house.pass_time(hours=1)
    house.in_system(lambda s: s.execute(text("UPDATE delivery SET state = 'cancelled'")))

    house.in_system(
        lambda session: start_recovery(
            session, session.get_one(Endpoint, endpoint_id), since, house.now(), "PARTNER/asker", house.now()
        )
    )
    house.tick()

    (recovery,) = house.rows("webhook_recovery")
    assert recovery["replayed"] == events
    assert recovery["finished_at"] == house.now()
    assert len(set(receiver.ids)) == events
    assert before not in receiver.ids


def test_recovery_keeps_to_what_the_endpoint_asked_for(house: Deliveries, receiver: Receiver) -> None:
    endpoint_id = house.an_endpoint(receiver.url, areas=["ANYTOWN"])
    house.an_event("OTHER")
    house.an_event("PARTNER", area="ELSEWHERE")
    wanted = house.an_event("PARTNER")
    house.tick()

    house.in_system(
        lambda session: start_recovery(
            session,
            session.get_one(Endpoint, endpoint_id),
            house.now() - timedelta(days=1),
            house.now() + timedelta(seconds=1),
            "PARTNER/asker",
            house.now(),
        )
    )
    house.tick()

    assert receiver.ids == [wanted, wanted]


def test_what_happens_now_is_told_before_what_is_told_again(house: Deliveries, receiver: Receiver) -> None:
    endpoint_id = house.an_endpoint(receiver.url, max_in_flight=1)
    old = [house.an_event() for _ in range(5)]
    house.tick()
    house.in_system(
        lambda session: start_recovery(
            session,
            session.get_one(Endpoint, endpoint_id),
            house.now() - timedelta(days=1),
            house.now() + timedelta(seconds=1),
            "x",
            house.now(),
        )
    )
    new = house.an_event()

    house.tick()

    assert receiver.ids == [*old, new, *old]


def test_paused_endpoint_gets_everything_in_order_of_urgency_when_it_is_resumed(
    house: Deliveries, receiver: Receiver
) -> None:
    endpoint_id = house.an_endpoint(receiver.url, max_in_flight=1, status="paused")
    usual = [house.an_event() for _ in range(20)]
    house.pass_time(days=7)
    urgent = house.an_event(priority=1)
    house.tick()
    assert receiver.receipts == []

    house.in_system(lambda s: s.execute(text("UPDATE webhook_endpoint SET status = 'active'")))
    house.tick()

    assert receiver.ids == [urgent, *usual]
    assert house.endpoint(endpoint_id).status == "active"
