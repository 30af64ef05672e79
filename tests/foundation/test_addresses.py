"""An address that no id can hold names nothing, and an instant at the ends of time is refused by name."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from tests.given import Callers, a_referral, an_incident
from tests.promises.test_access import api_routes

UNSTORABLE = ["%00", "a%00b", "%01", "%ED%A0%80", "%FF"]


def with_parameters(app: FastAPI) -> list[APIRoute]:
    return [route for route in api_routes(app) if route.path_format != route.path or "{" in route.path]


@pytest.mark.parametrize("part", UNSTORABLE)
def test_path_with_a_character_that_cannot_be_stored_is_not_found(part: str, app: FastAPI, callers: Callers) -> None:
    statuses = {}
    for route in with_parameters(app):
        path = re.sub(r"\{[^}]+\}", part, route.path)
        for method in sorted(route.methods):
            body = {"json": {}} if method in {"POST", "PUT", "PATCH"} else {}
            headers = {"Authorization": f"Bearer {callers.coordinator.key}"}
            answer = callers.coordinator.client.request(method, path, headers=headers, **body)
            statuses[f"{method} {path}"] = answer.status_code

    assert len(statuses) > 50
    assert {path: status for path, status in statuses.items() if not 400 <= status < 500} == {}


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize("where", ["incident", "claim"])
def test_instant_that_no_calendar_holds_in_utc_is_refused_by_name(where: str, instant: str, callers: Callers) -> None:
    incident: dict[str, Any] = {**an_incident(), "occurred_at": instant}
    claim = {"forum": "IOM", "claimed_by": "ANYTOWN-POLICE", "confirmed_at": instant}
    sent = a_referral(**({"incidents": [incident]} if where == "incident" else {"claims": [claim]}))

    for path in ("/v1/referrals", "/v1/routing-previews"):
        answer = callers.hub.post(path, sent)

        assert answer.status_code == 422, answer.text
        assert [error["pointer"].split("/")[-1] for error in answer.json()["errors"]] == [
            "occurred_at" if where == "incident" else "confirmed_at"
        ]
        assert instant not in answer.text


def test_path_is_checked_before_anything_is_asked_of_the_database(http: TestClient) -> None:
    assert http.get("/v1/enquiries/%00").status_code == 404
