"""Every route is in the access matrix, and a caller of another area cannot learn even that something exists."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.authentication import authenticate
from app.access.matrix import access_matrix
from app.access.service import add_client
from app.access.tokens import TokenIssuer
from app.access.vocabulary import CallerRole
from app.demo.demo_area import CALLERS, create_demo_area
from app.foundation.clock import SettableClock
from app.foundation.errors import Unauthenticated
from app.openapi import document
from tests.given import Caller, Callers, a_referral, a_serial_perpetrator

OPEN_TO_ALL = {  # no case data; reviewed by hand
    "showHome", "showSignIn", "beginSignIn", "completeSignIn", "linkSignIn", "signInForDevelopment", "signOut",
    "showProblems", "showReference", "showAccessibilityStatement",
    "checkLive", "checkReady", "showInfo",
    "issueAccessToken", "showAuthorizationServer", "showSigningKeys",
}  # fmt: skip


def api_routes(app: FastAPI) -> list[APIRoute]:
    found, waiting = [], list(app.routes)
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        waiting += getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", [])
    return found


def test_every_route_declares_role_rows_and_fields_in_the_matrix(app: FastAPI) -> None:
    operations = {str(route.operation_id) for route in api_routes(app)} - OPEN_TO_ALL

    assert operations == set(access_matrix())


def test_every_operation_is_named_by_a_verb_and_a_noun(app: FastAPI) -> None:
    named = [str(route.operation_id) for route in api_routes(app)]

    assert "None" not in named
    assert len(named) == len(set(named))


ZOE = "zo\u00eb \u00e0 beckett"
Call = tuple[str, str, str]


def api_calls(app: FastAPI) -> list[Call]:
    """Operation id, method and path of everything that the API reference lists and the matrix governs."""
    return [
        (operation["operationId"], method.upper(), re.sub(r"\{\w+\}", "x_" + "0" * 32, path))
        for path, methods in document(app)["paths"].items()
        for method, operation in methods.items()
        if operation["operationId"] in access_matrix()
    ]


def status_of(http: TestClient, call: Call, key: str | None) -> int:
    _, method, path = call
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return int(http.request(method, path, headers=headers, json={} if method == "POST" else None).status_code)


def test_every_role_of_the_matrix_is_a_word_that_a_client_may_have() -> None:
    assert {role for grant in access_matrix().values() for role in grant.rows_by_role} == set(CallerRole)


@pytest.mark.parametrize("role", sorted({role for _, role in CALLERS.values()}))
def test_role_that_the_matrix_does_not_name_is_refused(
    role: str,
    app: FastAPI,
    http: TestClient,
    callers: Callers,
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    with sessions.begin() as session:
        _, key = add_client(session, name=role, agency="ANYTOWN-COUNCIL", role=role, areas=["ANYTOWN"], now=clock.now())

    refused = {
        call[0]: status_of(http, call, key)
        for call in api_calls(app)
        if role not in access_matrix()[call[0]].rows_by_role
    }

    assert set(refused.values()) <= {403}, refused


def test_call_without_a_key_is_refused_everywhere(app: FastAPI, http: TestClient) -> None:
    statuses = {call[0]: status_of(http, call, None) for call in api_calls(app)}

    assert set(statuses.values()) == {401}, statuses


def test_suspended_client_is_refused_at_its_next_call(
    callers: Callers, sessions: sessionmaker[Session], owner_engine: Engine, clock: SettableClock
) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE client SET suspended_at = now()"))

    with sessions.begin() as session, pytest.raises(Unauthenticated):
        authenticate(session, [f"Bearer {callers.hub.key}"], TokenIssuer("https://x"), clock.now())


def test_only_a_hash_of_the_key_is_kept(callers: Callers, owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        kept = connection.execute(text("SELECT client_key::text FROM client_key")).scalars().all()

    assert not any(callers.hub.key in row for row in kept)


@pytest.fixture
def stranger(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, callers: Callers) -> Callers:
    """The callers of another area, who have nothing to do with ANYTOWN."""
    with sessions.begin() as session:
        keys = create_demo_area(session, "OTHERTOWN", "national-baseline", clock.now(), name="Othertown").keys
    return Callers(**{name: Caller(http, key) for name, key in keys.items()})


@pytest.mark.parametrize("who", ["hub", "coordinator", "chair", "matac", "probation", "idva"])
def test_another_areas_objects_look_exactly_like_objects_that_do_not_exist(
    who: str, callers: Callers, stranger: Callers
) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    need = body["needs"][0]
    caller: Caller = getattr(stranger, who)
    paths = {
        "referrals": body["referral_id"],
        "cases": body["case_id"],
        "needs": need["id"],
        "actions": body["actions"][0]["id"],
        "enquiries": body["enquiries"][0]["id"],
    }

    for collection, real in paths.items():
        foreign = caller.get(f"/v1/{collection}/{real}")
        missing = caller.get(f"/v1/{collection}/{real[:-32]}{'0' * 32}")
        assert foreign.status_code in {403, 404}
        assert _without_trace(foreign.json()) == _without_trace(missing.json())


def test_lists_show_nothing_of_another_area(callers: Callers, stranger: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()

    assert stranger.coordinator.get("/v1/actions").json()["items"] == []
    assert stranger.coordinator.get("/v1/enquiries").json()["items"] == []
    assert stranger.coordinator.get("/v1/proposals").json()["items"] == []


def test_partner_sees_only_what_names_its_agency(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_serial_perpetrator()).raise_for_status()

    actions = callers.probation.get("/v1/actions", limit=200).json()["items"]

    named = [{action["owner_agency"], action["recipient_agency"]} for action in actions]
    assert named
    assert all("ANYTOWN-PROBATION" in agencies for agencies in named)


def test_every_read_and_write_of_a_case_is_on_the_audit_trail(callers: Callers, owner_engine: Engine) -> None:
    body = callers.hub.post("/v1/referrals", a_referral()).json()
    callers.coordinator.get(f"/v1/cases/{body['case_id']}")
    callers.hub.get(f"/v1/referrals/{body['referral_id']}")
    callers.coordinator.get("/v1/actions")

    with owner_engine.connect() as connection:
        acts = connection.execute(text("SELECT category, route, agency FROM audit_entry ORDER BY number")).all()

    assert [tuple(act) for act in acts] == [
        ("collection", "submitReferral", "ANYTOWN-POLICE"),
        ("consultation", "getCase", "ANYTOWN-MARAC"),
        ("consultation", "getReferral", "ANYTOWN-POLICE"),
        ("consultation", "listActions", "ANYTOWN-MARAC"),
    ]


def test_audit_says_on_whose_behalf_a_system_called(http: TestClient, callers: Callers, owner_engine: Engine) -> None:
    http.get(
        "/v1/actions",
        headers={"Authorization": f"Bearer {callers.hub.key}", "X-On-Behalf-Of": "Jo.Smith"},
    ).raise_for_status()

    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT on_behalf_of FROM audit_entry")) == "jo.smith"


def test_name_sent_in_utf_8_is_recorded_as_it_is_written(
    http: TestClient, callers: Callers, owner_engine: Engine
) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE account SET name = :name WHERE name = 'pvp.hub'"), {"name": ZOE})
    # As Latin-1 the second byte of \u00e0 is a space.
    headers = {
        b"Authorization": f"Bearer {callers.hub.key}".encode(),
        b"X-On-Behalf-Of": "Zo\u00eb \u00e0 Beckett".encode(),
    }
    http.get("/v1/actions", headers=headers).raise_for_status()

    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT on_behalf_of FROM audit_entry")) == ZOE


def _without_trace(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "trace_id"}
