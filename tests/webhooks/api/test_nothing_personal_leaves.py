"""What leaves the service holds ids, codes and times: a canary in every free text of a referral is never in a call."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from tests.given import Callers, a_referral
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.receiver import Receiver

CANARY = "canarywordthatnobodysays"
ALLOWED = re.compile(r"[A-Za-z0-9_.:,/+-]*|[a-z0-9-]+ \d+\.\d+\.\d+")  # a code, or a policy with its version


@pytest.fixture
def setup(
    callers: Callers,
    engine: Engine,
    owner_engine: Engine,
    sessions: sessionmaker[Session],
    settings: Settings,
    clock: SettableClock,
) -> DeliverySetup:
    return DeliverySetup(engine, sessions, settings, clock, owner_engine)


def values(part: Any) -> list[Any]:
    """Every value in a JSON document, at any depth."""
    if isinstance(part, dict):
        return [value for inner in part.values() for value in values(inner)]
    return [value for inner in part for value in values(inner)] if isinstance(part, list) else [part]


def test_nothing_a_person_wrote_is_in_any_call_or_feed_or_log(
    callers: Callers, setup: DeliverySetup, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    for agency in ("POLICE", "MARAC", "MATAC", "PROBATION", "MAPPA", "IDVA", "COUNCIL", "BOARD"):
        setup.an_endpoint(receiver.url, f"ANYTOWN-{agency}")
    written = a_referral(
        victim={"ref": f"V-{CANARY}", "age": 34},
        perpetrator={"ref": f"P-{CANARY}", "age": 41, "in_custody": False},
    )
    assert callers.hub.post("/v1/referrals", written).status_code == 201
    actions = callers.coordinator.get("/v1/actions").json()["items"]

    for day in range(12):
        setup.tick()
        if day == 3:
            report_one(callers, actions)
        setup.pass_time(days=1)

    kinds = {json.loads(one.body)["type"] for one in receiver.receipts}
    assert {"work.assigned", "reminder.digest", "reminder.danger", "referral.routed"} <= kinds
    for receipt in receiver.receipts:
        most = 8000 if json.loads(receipt.body)["type"] == "reminder.digest" else 2048
        assert len(receipt.body) <= most
        assert CANARY not in receipt.body.decode()
        assert CANARY not in str(receipt.headers)
        assert [v for v in values(json.loads(receipt.body)) if not ALLOWED.fullmatch(str(v))] == []
    assert CANARY not in caplog.text
    assert CANARY not in str(setup.rows("work_item"))
    assert CANARY not in callers.coordinator.get("/v1/events", limit=200).text


def report_one(callers: Callers, actions: list[dict[str, Any]]) -> None:
    """An owner reports in free text, which holds the canary too."""
    action = next(one for one in actions if one["owner_agency"] == "ANYTOWN-POLICE")
    tag = callers.hub.get(f"/v1/actions/{action['id']}").headers["ETag"]
    answer = callers.hub.post(
        f"/v1/actions/{action['id']}/outcomes",
        {"outcome": "COMPLETED", "note": f"Seen at home, {CANARY}, and safe."},
        **{"If-Match": tag},
    )
    assert answer.status_code == 201, answer.text
