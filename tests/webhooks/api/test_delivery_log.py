"""What a partner's engineer looks up over HTTP: why an event has not arrived, the feed, and replays."""

import json
from operator import itemgetter

from app.vocabulary import EventType
from tests.given import Caller, Callers
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.measurements import save_measurement
from tests.webhooks.receiver import Receiver, Reply
from tests.webhooks.subscribing import ENDPOINTS, record_events, register


def test_why_an_event_did_not_arrive_is_found_in_one_call(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    register(partner, receiver)
    subscribed.tick()
    receiver.answer_in_turn(Reply(503))
    (event_id,) = record_events(subscribed)
    subscribed.tick()

    (line,) = partner.get("/v1/webhook-deliveries", event_id=event_id).json()["items"]

    assert line["explanation"] == "Waiting for its turn. Your receiver answered 5xx. We try again."
    assert (line["tries"], line["last_status"]) == (1, 503)
    assert line["next_attempt_at"] > "2026-03-10T09:30:00Z"
    save_measurement("why", 1, calls=1)


def test_delivery_log_is_paged_without_gap_or_repeat(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    register(partner, receiver)
    subscribed.tick()
    wanted = record_events(subscribed, 7)[::-1]

    seen: list[str] = []
    page = partner.get("/v1/webhook-deliveries", limit=3, event_type="action.redated").json()
    while True:
        seen += [line["event_id"] for line in page["items"]]
        if not page["page"]["has_more"]:
            break
        page = partner.get(page["links"]["next"]).json()

    assert seen == wanted


def test_each_replay_of_one_event_is_a_call_of_its_own(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    register(partner, receiver)
    subscribed.tick()
    (event_id,) = record_events(subscribed)
    subscribed.tick()
    (line,) = partner.get("/v1/webhook-deliveries", event_id=event_id).json()["items"]

    replays = [partner.post(f"/v1/webhook-deliveries/{line['id']}/replays", None) for _ in range(2)]
    subscribed.tick()

    assert {answer.status_code for answer in replays} == {202}
    assert receiver.ids.count(event_id) == 3


def test_recovery_shows_how_far_it_has_come(partner: Caller, subscribed: DeliverySetup, receiver: Receiver) -> None:
    made = register(partner, receiver)
    subscribed.tick()
    since = subscribed.now()
    record_events(subscribed, 5)
    subscribed.tick()
    subscribed.pass_time(minutes=1)

    begun = partner.post(f"{ENDPOINTS}/{made['id']}/recoveries", {"since": since.isoformat()})
    before = partner.get(begun.headers["location"]).json()
    subscribed.tick()
    after = partner.get(begun.headers["location"]).json()

    assert begun.status_code == 202
    assert (before["replayed"], before["finished_at"]) == (0, None)
    assert (after["replayed"], after["finished_at"] is not None) == (5, True)
    assert len(receiver.receipts) == 1 + 5 + 5


def test_feed_gives_the_same_envelopes_as_the_calls(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    register(partner, receiver)
    subscribed.tick()
    record_events(subscribed, 4)
    subscribed.tick()

    first = partner.get("/v1/events", limit=3).json()
    rest = partner.get(first["links"]["next"]).json()

    from_feed = first["items"] + rest["items"]
    from_calls = [json.loads(one.body) for one in receiver.of_type("action.redated")]
    assert sorted(from_feed, key=itemgetter("id")) == sorted(from_calls, key=itemgetter("id"))
    assert (first["page"]["has_more"], rest["page"]["has_more"]) == (True, False)


def test_feed_of_a_stranger_holds_nothing_and_knows_no_foreign_id(
    callers: Callers, partner: Caller, subscribed: DeliverySetup
) -> None:
    (event_id,) = record_events(subscribed)

    assert callers.idva.get("/v1/events").json()["items"] == []
    assert callers.idva.get("/v1/events", after=event_id).status_code == 422
    assert [item["id"] for item in partner.get("/v1/events", type="action.redated").json()["items"]] == [event_id]
    assert partner.get("/v1/events", type="need.ended").json()["items"] == []


def test_catalogue_says_what_every_event_means(partner: Caller) -> None:
    items = partner.get("/v1/webhook-event-types").json()["items"]

    assert {item["type"] for item in items} == set(EventType)
    assert all(len(item["means"]) > 20 for item in items)


def test_coordinator_sees_and_closes_what_no_machine_will_do(callers: Callers, subscribed: DeliverySetup) -> None:
    subscribed.an_event("ANYTOWN-COUNCIL", type=EventType.REMINDER_DIGEST)

    (item,) = callers.coordinator.get("/v1/inbox", kind="WORK_ITEM").json()["items"]
    closed = callers.coordinator.post(item["links"]["act"], None)
    again = callers.coordinator.post(item["links"]["act"], None)

    assert (item["section"], item["owner_role"]) == ("CAME_BACK", "MARAC_COORDINATOR")
    assert item["what"] == "A reminder has no receiver that is live: ring the agency"
    assert (closed.json()["kind"], closed.status_code, again.status_code) == ("no_live_endpoint", 201, 409)
    assert callers.coordinator.get("/v1/inbox", kind="WORK_ITEM").json()["items"] == []
