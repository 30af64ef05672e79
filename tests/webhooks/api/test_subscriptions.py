"""What a partner's engineer does over HTTP: register, verify, test, rotate, pause, resume, move."""

import base64
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI
from standardwebhooks import Webhook

from app.webhooks.api.dependencies import get_transport
from app.webhooks.delivery.client_pool import Transport
from tests.given import Caller, Callers
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.hostile import URLS
from tests.webhooks.receiver import Receiver, Reply, a_receiver
from tests.webhooks.subscribing import ENDPOINTS, record_events, register


def test_new_endpoint_proves_itself_and_then_gets_what_was_kept_for_it(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    (kept,) = record_events(subscribed)

    subscribed.tick()
    subscribed.tick()

    assert made["status"] == "unverified"
    assert partner.get(f"{ENDPOINTS}/{made['id']}").json()["status"] == "active"
    assert receiver.ids[-1] == kept


def test_endpoint_that_does_not_echo_the_challenge_is_told_why_its_events_wait(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    receiver.answer_in_turn(Reply(200, body=b"ok"))
    register(partner, receiver)
    record_events(subscribed)

    subscribed.tick()

    log = partner.get("/v1/webhook-deliveries").json()["items"]
    assert [line["state"] for line in log] == ["held", "pending"]
    assert "not verified yet" in log[0]["explanation"]
    assert "without the challenge" in log[1]["explanation"]


def test_every_call_verifies_with_the_secret_that_was_shown_once(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    made = register(partner, receiver, key_pair=True)
    record_events(subscribed)
    subscribed.tick()
    subscribed.tick()

    secret = Webhook(made["secret"])
    assert len(receiver.receipts) == 2
    for receipt in receiver.receipts:
        version_one = receipt.headers["webhook-signature"].split(" ")
        sent_at = int(receipt.headers["webhook-timestamp"])
        expected = secret.sign(receipt.event_id, datetime.fromtimestamp(sent_at, UTC), receipt.body.decode())
        assert expected in version_one
    assert made["keys"][1]["public_key"].startswith("whpk_")
    assert "secret" not in partner.get(f"{ENDPOINTS}/{made['id']}").json()


def test_call_carries_the_key_pair_and_hmcts_signatures_to_those_who_asked_for_them(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    asked = register(partner, receiver, key_pair=True, hmcts_headers=True)
    with a_receiver() as plain:
        register(partner, plain)

        subscribed.tick()

        (bare,) = plain.receipts
    (receipt,) = receiver.receipts
    raw = base64.b64decode(asked["secret"].removeprefix("whsec_"))
    (public,) = [key["public_key"] for key in asked["keys"] if key["kind"] == "v1a"]
    pair = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    (v1a,) = [one[4:] for one in receipt.headers["webhook-signature"].split(" ") if one.startswith("v1a,")]
    content = f"{receipt.event_id}.{receipt.headers['webhook-timestamp']}.".encode() + receipt.body
    pair.verify(base64.b64decode(v1a), content)
    assert receipt.headers["x-key-id"] == asked["id"]
    assert base64.b64decode(receipt.headers["x-signature"]) == hmac.digest(raw, receipt.body, "sha256")
    assert "x-signature" not in bare.headers
    assert "v1a" not in bare.headers["webhook-signature"]


def test_repeated_request_registers_once_and_does_not_show_the_secret_again(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    first = partner.post(ENDPOINTS, {"url": receiver.url}, key="same")
    again = partner.post(ENDPOINTS, {"url": receiver.url}, key="same")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["secret"].startswith("whsec_")
    assert "secret" not in again.json()
    assert first.json()["secret"] not in str(subscribed.rows("idempotent_result"))


def test_every_hostile_address_is_refused_when_registered(partner: Caller, subscribed: DeliverySetup) -> None:
    answers = {url: partner.post(ENDPOINTS, {"url": url}).status_code for url in URLS}

    assert {url: status for url, status in answers.items() if status not in {400, 422}} == {}
    assert subscribed.rows("webhook_endpoint") == []


def test_name_that_leads_inside_is_refused_when_registered(
    app: FastAPI, partner: Caller, subscribed: DeliverySetup
) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["8.8.8.8", "169.254.169.254"]

    app.dependency_overrides[get_transport] = lambda: Transport(resolve=inside)

    answer = partner.post(ENDPOINTS, {"url": "https://hooks.council.gov.uk/"})

    assert (answer.status_code, answer.json()["code"]) == (422, "address-refused")
    assert subscribed.rows("webhook_endpoint") == []


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
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    subscribed.tick()
    rotated = partner.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {"overlap_hours": 24}).json()

    record_events(subscribed)
    subscribed.tick()
    during = receiver.receipts[-1].headers["webhook-signature"].split(" ")
    subscribed.pass_time(hours=24)
    record_events(subscribed)
    subscribed.tick()
    after = receiver.receipts[-1].headers["webhook-signature"].split(" ")

    assert rotated["secret"] != made["secret"]
    assert (len(during), len(after)) == (2, 1)


def test_at_most_two_previous_secrets_go_on_signing(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    subscribed.tick()
    for _ in range(4):
        partner.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {})

    record_events(subscribed)
    subscribed.tick()

    assert len(receiver.receipts[-1].headers["webhook-signature"].split(" ")) == 3


def test_old_secret_can_be_ended_at_once(partner: Caller, subscribed: DeliverySetup, receiver: Receiver) -> None:
    made = register(partner, receiver)
    subscribed.tick()

    partner.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {"overlap_hours": 0})
    record_events(subscribed)
    subscribed.tick()

    assert len(receiver.receipts[-1].headers["webhook-signature"].split(" ")) == 1


def test_test_event_reaches_a_paused_endpoint_and_its_outcome_is_in_the_log(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    subscribed.tick()
    partner.post(f"{ENDPOINTS}/{made['id']}/pauses", {"reason": "maintenance tonight"})

    queued = partner.post(f"{ENDPOINTS}/{made['id']}/test-events", None)
    subscribed.tick()

    log = partner.get(queued.headers["location"]).json()
    assert queued.status_code == 202
    assert (log["event_type"], log["state"], log["attempts"][0]["http_status"]) == (
        "endpoint.test",
        "done",
        204,
    )


def test_pause_keeps_events_and_resumption_sends_them(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    made = register(partner, receiver, max_in_flight=1)
    subscribed.tick()
    paused = partner.post(f"{ENDPOINTS}/{made['id']}/pauses", {"reason": "maintenance tonight"}).json()
    kept = record_events(subscribed, 5)
    subscribed.tick()
    held = partner.get("/v1/webhook-deliveries", endpoint_id=made["id"]).json()["items"]

    partner.post(f"{ENDPOINTS}/{made['id']}/resumptions", None)
    subscribed.tick()

    assert (
        paused["held"] == "The endpoint is paused (maintenance tonight). Events are kept; resume it to have them sent."
    )
    assert [line["state"] for line in held[:5]] == ["held"] * 5
    assert receiver.ids[-5:] == kept


def test_moved_endpoint_must_prove_itself_again_before_events_follow(
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    subscribed.tick()
    with a_receiver() as elsewhere:
        moved = partner.post(f"{ENDPOINTS}/{made['id']}/addresses", {"url": elsewhere.url}).json()
        (kept,) = record_events(subscribed)
        subscribed.tick()
        subscribed.tick()

        assert moved["status"] == "unverified"
        assert elsewhere.ids[-1] == kept
        assert kept not in receiver.ids


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
    partner: Caller, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    made = register(partner, receiver)
    partner.post(f"{ENDPOINTS}/{made['id']}/secret-rotations", {})
    partner.get(f"{ENDPOINTS}/{made['id']}")

    trail = [(row["route"], row["category"]) for row in subscribed.rows("audit_entry", "number")]
    assert trail == [
        ("createWebhookEndpoint", "alteration"),
        ("rotateWebhookSecret", "alteration"),
        ("getWebhookEndpoint", "consultation"),
    ]
