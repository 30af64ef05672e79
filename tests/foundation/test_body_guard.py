"""Hostile bodies are refused before anything parses them, and never with a 500."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.given import Callers, a_referral

HOSTILE: dict[str, tuple[bytes, int]] = {
    "not json": (b"{", 400),
    "a bare word": (b"hello", 400),
    "a lone surrogate": (b'{"source_system": "\\ud800"}', 400),
    "NaN": (b'{"victim": {"ref": "V", "age": NaN}}', 400),
    "NaN where text belongs": (b'{"source_system": NaN}', 400),
    "Infinity": (b'{"assessment": {"ticks": Infinity}}', 400),
    "1e400": (b'{"assessment": {"ticks": 1e400}}', 400),
    "a number of 400 digits": (b'{"assessment": {"ticks": ' + b"9" * 400 + b"}}", 400),
    "a NUL": (b'{"source_system": "a\\u0000b"}', 400),
    "a control character": (b'{"source_system": "a\\u0001b"}', 400),
    "duplicate keys": (b'{"area": "A", "area": "B"}', 400),
    "UTF-16": ('{"area": "A"}'.encode("utf-16"), 400),
    "a byte order mark": (b'\xef\xbb\xbf{"area": "A"}', 400),
    "invalid UTF-8": (b'{"area": "\xff"}', 400),
    "20,000 nested arrays": (b"[" * 20_000 + b"]" * 20_000, 400),
    "33 nested objects": (b'{"a":' * 33 + b"1" + b"}" * 33, 400),
    "a bare array": (b"[1, 2]", 422),
    "a bare string": (b'"text"', 422),
    "null": (b"null", 422),
    "an empty object": (b"{}", 422),
    "a misspelt key": (b'{"assesment": {}}', 422),
    "300 KiB": (b'{"area": "' + b"a" * 300_000 + b'"}', 413),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_body_is_refused_with_a_problem_and_never_a_500(name: str, http: TestClient, callers: Callers) -> None:
    body, status = HOSTILE[name]

    answer = http.post(
        "/v1/referrals",
        content=body,
        headers={
            "Authorization": f"Bearer {callers.hub.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": name.replace(" ", "-"),
        },
    )

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"]


def test_misspelt_key_is_named_in_the_refusal(callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(assesment={"ticks": 14}))

    assert answer.status_code == 422
    assert "/assesment" in [fault["pointer"] for fault in answer.json()["errors"]]


@pytest.mark.parametrize(
    "changes",
    [
        {"victim": {"ref": "V-1", "age": "SECRET-VALUE-77"}},
        {"perpetrator": {"ref": "SECRET VALUE 77"}},
        {"incidents": [{"occurred_at": "SECRET-VALUE-77", "reported_at": "x", "force": "F"}]},
        {"source_reference": "SECRET-VALUE-77" * 30},
    ],
)
def test_refusal_never_repeats_the_value_that_was_sent(changes: dict[str, Any], callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(**changes))

    assert answer.status_code == 422
    assert "SECRET" not in answer.text


def test_body_that_is_not_json_by_its_type_is_415(http: TestClient, callers: Callers) -> None:
    answer = http.post(
        "/v1/referrals",
        content=b"a=1",
        headers={
            "Authorization": f"Bearer {callers.hub.key}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )

    assert answer.status_code == 415


@pytest.mark.parametrize("path", ["/v1/nothing", "/nowhere"])
def test_unknown_path_is_a_problem_document(path: str, http: TestClient) -> None:
    answer = http.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_wrong_method_is_a_problem_document_that_names_the_allowed_ones(http: TestClient) -> None:
    answer = http.delete("/v1/referrals")

    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert "POST" in answer.headers["allow"]


def test_misspelt_filter_is_refused_by_name(callers: Callers) -> None:
    answer = callers.coordinator.get("/v1/actions", overdu="true")

    assert answer.status_code == 400
    assert "overdu" in answer.json()["detail"]
