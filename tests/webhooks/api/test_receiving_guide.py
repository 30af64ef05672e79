"""The receivers of the guide, as printed there, take real calls of this service over real HTTP."""

import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.foundation.clock import SettableClock
from app.webhooks.delivery.signing import SigningKey, signed_headers
from app.webhooks.vocabulary import SecretKind
from tests.given import Caller, Callers, a_referral
from tests.webhooks.api.example_receivers import EXAMPLES, Example, an_example
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.processes import wait_until
from tests.webhooks.subscribing import ENDPOINTS

GUIDE = EXAMPLES.parent / "receiving.md"
UNKNOWN_SECRET = "whsec_" + "A" * 43 + "="


@pytest.fixture
def service(app: FastAPI) -> Iterator[str]:
    """The address of the service, for those who read by link."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture
def now(clock: SettableClock) -> datetime:
    """The verifiers read the machine's clock, so the service must too."""
    clock.set(datetime.now(UTC))
    return clock.now()


@pytest.fixture(params=["python", "javascript"])
def example(request: pytest.FixtureRequest, tmp_path: Path, service: str, callers: Callers, now: datetime) -> Example:
    return an_example(request.param, tmp_path, service, callers.idva.key)


def subscribe(caller: Caller, url: str) -> tuple[str, str]:
    """The id and the secret of a new endpoint."""
    made = caller.post(ENDPOINTS, {"url": url})
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["secret"]


def serve_subscribed(example: Example, caller: Caller, setup: DeliverySetup) -> tuple[str, str]:
    """The endpoint's id and its secret. Registering comes first, since the answer holds the secret to start with."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    example.environment["PORT"] = str(port)
    return subscribe(caller, f"http://127.0.0.1:{port}/hooks")


def status_of(caller: Caller, endpoint_id: str) -> str:
    return str(caller.get(f"{ENDPOINTS}/{endpoint_id}").json()["status"])


def test_example_proves_itself_keeps_each_event_once_and_reads_by_link_what_it_is_about(
    example: Example, callers: Callers, subscribed: DeliverySetup
) -> None:
    endpoint_id, secret = serve_subscribed(example, callers.idva, subscribed)

    with example.serving(secret):
        subscribed.tick()
        assert status_of(callers.idva, endpoint_id) == "active"
        callers.hub.post("/v1/referrals", a_referral())
        subscribed.tick()
        wait_until(lambda: bool(example.kept()) and not example.unworked())
        subscribed.pass_time(seconds=1)
        callers.idva.post(
            f"{ENDPOINTS}/{endpoint_id}/recoveries",
            {"since": (subscribed.now() - timedelta(hours=1)).isoformat()},
        )
        subscribed.tick()
        wait_until(lambda: not example.unworked())

    sent = [row for row in subscribed.rows("delivery") if not row["direct"]]
    first = {row["event_id"] for row in sent if row["recovery_id"] is None}
    assert {row["state"] for row in sent} == {"done"}
    assert set(example.kept()) == first
    assert len(sent) == 2 * len(first)
    assert example.said.count('"told"') == len(first), "a copy is not worked a second time"
    assert '"read": false' not in example.said, "what the event is about was read by its link"


def test_example_refuses_what_was_forged_changed_or_is_old_and_keeps_none_of_it(
    example: Example, callers: Callers, now: datetime
) -> None:
    raw = bytes(range(32))
    key = SigningKey(SecretKind.V1, raw, None)
    body = b'{"id":"evt_1","type":"action.redated","data":{"detail_url":"/v1/actions/act_1"}}'
    secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    with example.serving(secret):
        answers = [
            httpx.post(example.url, content=content, headers=signed_headers("evt_1", body, [signer], at)).status_code
            for content, signer, at in (
                (body + b" ", key, now),
                (body, SigningKey(SecretKind.V1, raw[::-1], None), now),
                (body, key, now - timedelta(minutes=6)),
                (b"x" * 9000, key, now),
                (body, key, now),
            )
        ]

    assert answers == [400, 400, 400, 413, 204]
    assert list(example.kept()) == ["evt_1"]


def test_example_verifies_on_both_sides_of_a_rotation_with_an_overlap(
    example: Example, callers: Callers, subscribed: DeliverySetup
) -> None:
    endpoint_id, old = serve_subscribed(example, callers.idva, subscribed)
    with example.serving(old):
        subscribed.tick()
        rotated = callers.idva.post(f"{ENDPOINTS}/{endpoint_id}/secret-rotations", {"overlap_hours": 24})
        before = subscribed.an_event("ANYTOWN-IDVA")
        subscribed.tick()

    with example.serving(f"{rotated.json()['secret']} {old}"):
        between = subscribed.an_event("ANYTOWN-IDVA")
        subscribed.tick()
        callers.idva.post(f"{ENDPOINTS}/{endpoint_id}/secret-rotations", {"overlap_hours": 0})
    with example.serving(rotated.json()["secret"]):
        ended = subscribed.an_event("ANYTOWN-IDVA")
        subscribed.tick()

    assert {before, between} <= set(example.kept())
    assert ended not in example.kept(), "a secret that was ended at once must not verify"


def test_example_finds_in_the_feed_what_never_arrived_and_keeps_the_rest_once(
    example: Example, callers: Callers, subscribed: DeliverySetup
) -> None:
    _, secret = serve_subscribed(example, callers.idva, subscribed)
    with example.serving(secret):
        subscribed.tick()
        arrived = subscribed.an_event("ANYTOWN-IDVA")
        subscribed.tick()
    missed = subscribed.an_event("ANYTOWN-IDVA")

    example.catch_up(secret)
    later = subscribed.an_event("ANYTOWN-IDVA")
    example.catch_up(secret)

    assert list(example.kept()) == [arrived, missed, later]


def test_every_piece_of_code_in_the_guide_is_a_piece_of_an_example_that_runs() -> None:
    runs = {"python": "receiver.py", "javascript": "receiver.mjs"}

    pieces = re.findall(r"```(python|javascript)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)

    assert {language for language, _ in pieces} == set(runs)
    for language, piece in pieces:
        assert piece in (EXAMPLES / runs[language]).read_text(encoding="utf-8")


def test_every_operation_that_the_guide_names_is_one_that_the_service_has(app: FastAPI) -> None:
    has = {
        (method.upper(), re.sub(r"{\w+}", "{id}", path))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }

    names = re.findall(r"`(GET|POST) (/v1/[^`?]*)", GUIDE.read_text(encoding="utf-8"))

    assert len(names) >= 8
    assert set(names) <= has
