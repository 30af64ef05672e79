"""Requests for a token count as calls do: a client that asks without end waits, and so does who proves nobody."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from tests.clients.given_tokens import ask, ask_by_assertion, signing_system
from tests.given import Caller
from tests.limits import NO_LIMITS
from tests.postgres import SECRET_KEY


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Ten calls a minute of a client, three failures before an address is locked out."""
    narrow = NO_LIMITS | {"calls_a_minute": 10, "failures_before_lock_out": 3}
    return Settings(data_dir=tmp_path, secret_key=SECRET_KEY, **narrow)


def refusals(engine: Engine) -> list[str]:
    query = "SELECT subject_id FROM audit_entry WHERE category = 'refusal' AND subject_type = 'access-token'"
    with engine.connect() as connection:
        return list(connection.scalars(text(f"{query} ORDER BY number")))


def test_client_that_asks_too_often_waits(
    http: TestClient, administrator: Caller, system: dict[str, Any], clock: SettableClock, owner_engine: Engine
) -> None:
    signing = signing_system(administrator, system, clock)

    answers = [ask_by_assertion(http, signing.assertion()) for _ in range(13)]

    assert [one.status_code for one in answers] == [200] * 11 + [429] * 2
    assert (answers[-1].json()["error"], answers[-1].headers["retry-after"]) == ("temporarily_unavailable", "60")
    assert refusals(owner_engine) == ["quota-exceeded"]


def test_address_that_proves_nobody_is_locked_out_and_whoever_proves_a_client_there_is_answered(
    http: TestClient, administrator: Caller, system: dict[str, Any], clock: SettableClock, owner_engine: Engine
) -> None:
    signing = signing_system(administrator, system, clock)

    statuses = [ask(http).status_code for _ in range(5)]

    assert statuses == [401] * 3 + [429] * 2
    assert ask_by_assertion(http, signing.assertion()).status_code == 200
    assert refusals(owner_engine) == ["invalid_client"] * 3 + ["quota-exceeded"]
