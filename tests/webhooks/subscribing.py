"""Partners who subscribe over HTTP: one database, one caller, one receiver."""

from typing import Any

from tests.given import Caller
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.receiver import Receiver

ENDPOINTS = "/v1/webhook-endpoints"


def register(partner: Caller, receiver: Receiver, **changes: Any) -> dict[str, Any]:
    answer = partner.post(ENDPOINTS, {"url": receiver.url, **changes})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def record_events(setup: DeliverySetup, number: int = 1) -> list[str]:
    return [setup.an_event("ANYTOWN-COUNCIL") for _ in range(number)]
