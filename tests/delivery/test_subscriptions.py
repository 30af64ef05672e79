"""What a partner's engineer does over HTTP: register, prove, test, look up, rotate, pause, resume, catch up."""

import json
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from standardwebhooks import Webhook

from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.vocabulary import EventType
from app.webhooks.dependencies import get_wire
from app.webhooks.senders import Wire
from tests.delivery.given import Deliveries
from tests.delivery.hostile import URLS
from tests.delivery.receiver import Receiver, Reply, a_receiver
from tests.given import Caller, Callers

ENDPOINTS = "/v1/webhook-endpoints"


@pytest.fixture
def partner(callers: Callers) -> Caller:
    return callers.council


@pytest.fixture
def house(
    callers: Callers,
    engine: Engine,
    owner_engine: Engine,
    sessions: sessionmaker[Session],
    settings: Settings,
    clock: SettableClock,
) -> Deliveries:
    """The same database as the callers', already furnished."""
    return Deliveries(engine, sessions, settings, clock, owner_engine)


def register(partner: Caller, receiver: Receiver, **changes: Any) -> dict[str, Any]:
    answer = partner.post(ENDPOINTS, {"url": receiver.url, **changes})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def told(house: Deliveries, number: int = 1) -> list[str]:
    return [house.an_event("ANYTOWN-COUNCIL") for _ in range(number)]


def test_new_endpoint_proves_itself_and_then_gets_what_was_kept_for_it(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    (kept,) = told(house)

    house.tick()
    house.tick()

    assert made["status"] == "unverified"
    assert partner.get(f"{ENDPOINTS}/{made['id']}").json()["status"] == "active"
    assert receiver.ids[-1] == kept


def test_endpoint_that_does_not_echo_the_challenge_is_told_why_its_events_wait(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    receiver.answer_in_turn(Reply(200, body=b"ok"))
    register(partner, receiver)
    told(house)

    house.tick()

    log = partner.get("/v1/webhook-deliveries").json()["items"]
    assert [line["state"] for line in log] == ["held", "pending"]
    assert "not verified yet" in log[0]["explanation"]
    assert "without the challenge" in log[1]["explanation"]


def test_every_call_verifies_with_the_secret_that_was_shown_once(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    made = register(partner, receiver, key_pair=True)
    told(house)
    house.tick()
    house.tick()

    secret = Webhook(made["secret"])
    assert len(receiver.receipts) == 2
    for receipt in receiver.receipts:
        version_one = receipt.headers["webhook-signature"].split(" ")
        sent_at = int(receipt.headers["webhook-timestamp"])
        expected = secret.sign(receipt.event_id, datetime.fromtimestamp(sent_at, UTC), receipt.body.decode())
        assert expected in version_one
    assert made["keys"][1]["public_key"].startswith("whpk_")
    assert "secret" not in partner.get(f"{ENDPOINTS}/{made['id']}").json()


def test_repeated_request_registers_once_and_does_not_show_the_secret_again(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    first = partner.post(ENDPOINTS, {"url": receiver.url}, key="same")
    again = partner.post(ENDPOINTS, {"url": receiver.url}, key="same")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["secret"].startswith("whsec_")
    assert "secret" not in again.json()
    assert first.json()["secret"] not in str(house.rows("idempotent_result"))


@pytest.mark.parametrize("url", URLS)
def test_hostile_address_is_refused_when_registered(url: str, partner: Caller, house: Deliveries) -> None:
    answer = partner.post(ENDPOINTS, {"url": url})

    assert answer.status_code in {400, 422}
    assert house.rows("webhook_endpoint") == []


def test_name_that_leads_inside_is_refused_when_registered(
    app: FastAPI, partner: Caller, house: Deliveries
) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["8.8.8.8", "169.254.169.254"]

    app.dependency_overrides[get_wire] = lambda: Wire(resolve=inside)

    answer = partner.post(ENDPOINTS, {"url": "https://hooks.council.gov.uk/"})

    assert (answer.status_code, answer.json()["code"]) == (422, "address-refused")
    assert house.rows("webhook_endpoint") == []


def test_area_that_is_not_the_callers_cannot_be_listened_to(partner: Caller, receiver: Receiver) -> None:
    answer = partner.post(ENDPOINTS, {"url": receiver.url, "areas": ["ELSEWHERE"]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/areas"


def test_endpoint_of_another_agency_does_not_exist_for_a_stranger(
    callers: Callers, partner: Caller, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    stranger = callers.idva

    answers = [
        stranger.get(f"{ENDPOINTS}/{made['id']}"),
        *(stranger.post(f"{ENDPOINTS}/{made['id']}/{what}", None) for what in ("test-events", "resumptions")),
        stranger.post(f"{ENDPOINTS}/{made['id']}/pauses", {"reason": "mischief"}),
        stranger.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert stranger.get(ENDPOINTS).json()["items"] == []
    assert stranger.get("/v1/webhook-deliveries").json()["items"] == []


def test_rotation_signs_with_both_secrets_until_the_overlap_ends(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    house.tick()
    rotated = partner.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {"overlap_hours": 24}).json()

    told(house)
    house.tick()
    during = receiver.receipts[-1].headers["webhook-signature"].split(" ")
    house.pass_time(hours=24)
    told(house)
    house.tick()
    after = receiver.receipts[-1].headers["webhook-signature"].split(" ")

    assert rotated["secret"] != made["secret"]
    assert (len(during), len(after)) == (2, 1)


def test_at_most_two_previous_secrets_go_on_signing(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    house.tick()
    for _ in range(4):
        partner.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {})

    told(house)
    house.tick()

    assert len(receiver.receipts[-1].headers["webhook-signature"].split(" ")) == 3


def test_old_secret_can_be_ended_at_once(partner: Caller, house: Deliveries, receiver: Receiver) -> None:
    made = register(partner, receiver)
    house.tick()

    partner.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {"overlap_hours": 0})
    told(house)
    house.tick()

    assert len(receiver.receipts[-1].headers["webhook-signature"].split(" ")) == 1


def test_test_event_reaches_a_paused_endpoint_and_its_outcome_is_in_the_log(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    house.tick()
    partner.post(f"{ENDPOINTS}/{made['id']}/pauses", {"reason": "maintenance tonight"})

    queued = partner.post(f"{ENDPOINTS}/{made['id']}/test-events", None)
    house.tick()

    log = partner.get(queued.headers["location"]).json()
    assert queued.status_code == 202
    assert (log["event_type"], log["state"], log["attempts"][0]["http_status"]) == (
        "endpoint.test",
        "done",
        204,
    )


def test_pause_keeps_events_and_resumption_sends_them(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    made = register(partner, receiver, max_in_flight=1)
    house.tick()
    paused = partner.post(f"{ENDPOINTS}/{made['id']}/pauses", {"reason": "maintenance tonight"}).json()
    kept = told(house, 5)
    house.tick()
    held = partner.get("/v1/webhook-deliveries", endpoint_id=made["id"]).json()["items"]

    partner.post(f"{ENDPOINTS}/{made['id']}/resumptions", None)
    house.tick()

    assert (
        paused["held"]
        == "The endpoint is paused (maintenance tonight). Events are kept; resume it to have them sent."
    )
    assert [line["state"] for line in held[:5]] == ["held"] * 5
    assert receiver.ids[-5:] == kept


def test_moved_endpoint_must_prove_itself_again_before_events_follow(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    house.tick()
    with a_receiver() as elsewhere:
        moved = partner.post(f"{ENDPOINTS}/{made['id']}/addresses", {"url": elsewhere.url}).json()
        (kept,) = told(house)
        house.tick()
        house.tick()

        assert moved["status"] == "unverified"
        assert elsewhere.ids[-1] == kept
        assert kept not in receiver.ids


def test_why_an_event_did_not_arrive_is_found_in_one_call(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    register(partner, receiver)
    house.tick()
    receiver.answer_in_turn(Reply(503))
    (event_id,) = told(house)
    house.tick()

    (line,) = partner.get("/v1/webhook-deliveries", event_id=event_id).json()["items"]

    assert line["explanation"] == "Waiting for its turn. Your receiver answered 5xx. We try again."
    assert (line["tries"], line["last_status"]) == (1, 503)
    assert line["next_attempt_at"] > "2026-03-10T09:30:00Z"


def test_delivery_log_is_paged_without_gap_or_repeat(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    register(partner, receiver)
    house.tick()
    wanted = told(house, 7)[::-1]

    seen: list[str] = []
    page = partner.get("/v1/webhook-deliveries", limit=3, event_type="action.assigned").json()
    while True:
        seen += [line["event_id"] for line in page["items"]]
        if not page["page"]["has_more"]:
            break
        page = partner.get(page["links"]["next"]).json()

    assert seen == wanted


def test_each_replay_of_one_event_is_a_call_of_its_own(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    register(partner, receiver)
    house.tick()
    (event_id,) = told(house)
    house.tick()
    (line,) = partner.get("/v1/webhook-deliveries", event_id=event_id).json()["items"]

    replays = [partner.post(f"/v1/webhook-deliveries/{line['id']}/replays", None) for _ in range(2)]
    house.tick()

    assert {answer.status_code for answer in replays} == {202}
    assert receiver.ids.count(event_id) == 3


def test_recovery_shows_how_far_it_has_come(partner: Caller, house: Deliveries, receiver: Receiver) -> None:
    made = register(partner, receiver)
    house.tick()
    since = house.now()
    told(house, 5)
    house.tick()
    house.pass_time(minutes=1)

    begun = partner.post(f"{ENDPOINTS}/{made['id']}/recoveries", {"since": since.isoformat()})
    before = partner.get(begun.headers["location"]).json()
    house.tick()
    after = partner.get(begun.headers["location"]).json()

    assert begun.status_code == 202
    assert (before["replayed"], before["finished_at"]) == (0, None)
    assert (after["replayed"], after["finished_at"] is not None) == (5, True)
    assert len(receiver.receipts) == 1 + 5 + 5


def test_feed_gives_the_same_envelopes_as_the_calls(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    register(partner, receiver)
    house.tick()
    told(house, 4)
    house.tick()

    first = partner.get("/v1/events", limit=3).json()
    rest = partner.get(first["links"]["next"]).json()

    from_feed = first["items"] + rest["items"]
    from_calls = [json.loads(one.body) for one in receiver.of_type("action.assigned")]
    assert sorted(from_feed, key=itemgetter("id")) == sorted(from_calls, key=itemgetter("id"))
    assert (first["page"]["has_more"], rest["page"]["has_more"]) == (True, False)


def test_feed_of_a_stranger_holds_nothing_and_knows_no_foreign_id(
    callers: Callers, partner: Caller, house: Deliveries
) -> None:
    (event_id,) = told(house)

    assert callers.idva.get("/v1/events").json()["items"] == []
    assert callers.idva.get("/v1/events", after=event_id).status_code == 422
    assert [item["id"] for item in partner.get("/v1/events", type="action.assigned").json()["items"]] == [
        event_id
    ]
    assert partner.get("/v1/events", type="need.ended").json()["items"] == []


def test_catalogue_says_what_every_event_means(partner: Caller) -> None:
    items = partner.get("/v1/webhook-event-types").json()["items"]

    assert {item["type"] for item in items} == set(EventType)
    assert all(len(item["means"]) > 20 for item in items)


def test_coordinator_sees_and_closes_what_no_machine_will_do(callers: Callers, house: Deliveries) -> None:
    house.an_event("ANYTOWN-COUNCIL", type=EventType.REMINDER_DUE)

    (item,) = callers.coordinator.get("/v1/work-items").json()["items"]
    closed = callers.coordinator.post(f"/v1/work-items/{item['id']}/closures", None)
    again = callers.coordinator.post(f"/v1/work-items/{item['id']}/closures", None)

    assert (item["kind"], item["owner_role"]) == ("no_live_endpoint", "MARAC_COORDINATOR")
    assert (closed.status_code, again.status_code) == (201, 409)
    assert callers.coordinator.get("/v1/work-items").json()["items"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"event_types": ["endpoint.nonsense"]}, "/event_types/0"),
        ({"rate_per_second": 51}, "/rate_per_second"),
        ({"max_in_flight": 0}, "/max_in_flight"),
        ({"contact": "not an address"}, "/contact"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_registration_that_breaks_the_schema_names_the_part_to_mend(
    change: dict[str, Any], pointer: str, partner: Caller, receiver: Receiver
) -> None:
    answer = partner.post(ENDPOINTS, {"url": receiver.url, **change})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_every_act_on_an_endpoint_is_on_the_audit_trail(
    partner: Caller, house: Deliveries, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    partner.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {})
    partner.get(f"{ENDPOINTS}/{made['id']}")

    trail = [(row["route"], row["category"]) for row in house.rows("audit_entry", "number")]
    assert trail == [
        ("createWebhookEndpoint", "alteration"),
        ("rotateWebhookSecret", "alteration"),
        ("getWebhookEndpoint", "consultation"),
    ]
