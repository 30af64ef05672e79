"""An administrator adds, replaces and suspends the keys of a system; each change holds from the next call on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from tests.accounts.given_accounts import an_administrator, audited
from tests.clients.given_clients import WHY, added_key, keys_path, listed_key, posted, status_with
from tests.given import Caller, Callers


def test_added_key_holds_beside_the_first_one(
    http: TestClient, callers: Callers, administrator: Caller, system: dict[str, Any]
) -> None:
    key = added_key(administrator, system)

    assert [status_with(http, each) for each in (callers.coordinator.key, key["key"])] == [200, 200]
    assert key["key"].startswith(key["shown"])
    assert len(key["key"]) > len(key["shown"]) + 40


def test_key_is_shown_once_and_stored_nowhere(
    administrator: Caller, system: dict[str, Any], owner_engine: Engine
) -> None:
    sent = {"kind": "API_KEY", **WHY}
    first = administrator.post(keys_path(system), sent, key="one-request").json()

    again = administrator.post(keys_path(system), sent, key="one-request")

    assert (again.status_code, again.json()["id"], "key" in again.json()) == (201, first["id"], False)
    assert first["key"] not in administrator.get("/v1/clients").text
    with owner_engine.connect() as connection:
        for table in ("client_key", "client_change", "idempotent_result", "audit_entry"):
            assert first["key"] not in str(connection.execute(text(f"SELECT t::text FROM {table} t")).all())


def test_key_ends_at_its_end_and_the_list_says_so_thirty_days_before(
    http: TestClient, administrator: Caller, system: dict[str, Any], clock: SettableClock
) -> None:
    key, began = added_key(administrator, system, expires_in_days=60), clock.now()

    def seen_after(days: int) -> tuple[int, str]:
        clock.set(began + timedelta(days=days))
        return status_with(http, key["key"]), listed_key(administrator, system, key)["state"]

    assert [seen_after(days) for days in (0, 29, 30, 59, 60)] == [
        (200, "ACTIVE"),
        (200, "ACTIVE"),
        (200, "ENDS_SOON"),
        (200, "ENDS_SOON"),
        (401, "ENDED"),
    ]


def test_key_lasts_a_year_unless_somebody_says_otherwise(administrator: Caller, system: dict[str, Any]) -> None:
    assert added_key(administrator, system)["expires_at"] == "2027-03-10T09:30:00Z"


def test_replaced_key_holds_for_a_day_beside_the_new_one(
    http: TestClient, administrator: Caller, system: dict[str, Any], clock: SettableClock
) -> None:
    old, began = added_key(administrator, system), clock.now()
    new = posted(administrator, keys_path(system, old, "rotations"))

    def statuses_after(**passed: int) -> list[int]:
        clock.set(began + timedelta(**passed))
        return [status_with(http, key["key"]) for key in (old, new)]

    assert statuses_after(hours=0) == [200, 200]
    assert statuses_after(hours=23, minutes=59) == [200, 200]
    assert statuses_after(hours=24) == [401, 200]
    assert listed_key(administrator, system, old)["replaced_by"] == new["id"]


@pytest.mark.parametrize(("hours", "status"), [(0, 201), (168, 201), (169, 422), (-1, 422)])
def test_overlap_is_seven_days_at_most_and_may_be_none(
    hours: int, status: int, http: TestClient, administrator: Caller, system: dict[str, Any]
) -> None:
    old = added_key(administrator, system)

    answer = administrator.post(keys_path(system, old, "rotations"), {"overlap_hours": hours, **WHY})

    assert answer.status_code == status
    assert status_with(http, old["key"]) == (401 if hours == 0 else 200)


def test_overlap_makes_no_key_last_longer_than_it_would_have(
    administrator: Caller, system: dict[str, Any], clock: SettableClock
) -> None:
    old = added_key(administrator, system, expires_in_days=1)
    posted(administrator, keys_path(system, old, "rotations"), {"overlap_hours": 168})

    assert listed_key(administrator, system, old)["expires_at"] == old["expires_at"]


def test_suspended_key_is_refused_at_its_next_call_and_the_others_hold(
    http: TestClient, callers: Callers, administrator: Caller, system: dict[str, Any]
) -> None:
    key = added_key(administrator, system)
    assert status_with(http, key["key"]) == 200

    suspended = posted(administrator, keys_path(system, key, "suspensions"))

    assert suspended["state"] == "SUSPENDED"
    assert [status_with(http, each) for each in (key["key"], callers.coordinator.key)] == [401, 200]
    assert posted(administrator, keys_path(system, key, "resumptions"))["state"] == "ACTIVE"
    assert status_with(http, key["key"]) == 200


def test_suspended_client_is_refused_with_each_of_its_keys_until_it_is_resumed(
    http: TestClient, callers: Callers, administrator: Caller, system: dict[str, Any]
) -> None:
    keys = (callers.coordinator.key, added_key(administrator, system)["key"])

    posted(administrator, f"/v1/clients/{system['id']}/suspensions")
    assert [status_with(http, key) for key in keys] == [401, 401]

    posted(administrator, f"/v1/clients/{system['id']}/resumptions")
    assert [status_with(http, key) for key in keys] == [200, 200]


@pytest.mark.parametrize("act", ["rotations", "suspensions"])
def test_what_does_not_fit_a_suspended_key_is_refused(act: str, administrator: Caller, system: dict[str, Any]) -> None:
    key = added_key(administrator, system)
    posted(administrator, keys_path(system, key, "suspensions"))

    assert administrator.post(keys_path(system, key, act), WHY).status_code == 409


def test_key_is_replaced_once(administrator: Caller, system: dict[str, Any]) -> None:
    key = added_key(administrator, system)
    posted(administrator, keys_path(system, key, "rotations"))

    assert administrator.post(keys_path(system, key, "rotations"), WHY).status_code == 409


def test_client_has_ten_living_keys_at_most(administrator: Caller, system: dict[str, Any]) -> None:
    keys = [added_key(administrator, system) for _ in range(9)]
    refused = administrator.post(keys_path(system), {"kind": "API_KEY", **WHY})
    posted(administrator, keys_path(system, keys[0], "suspensions"))

    assert refused.status_code == 409
    assert added_key(administrator, system)["state"] == "ACTIVE"


def test_last_use_is_kept_to_the_hour(
    http: TestClient, administrator: Caller, system: dict[str, Any], clock: SettableClock
) -> None:
    key, began = added_key(administrator, system), clock.now()

    def last_used_after_a_call(minutes: int) -> str | None:
        clock.set(began + timedelta(minutes=minutes))
        status_with(http, key["key"])
        last: str | None = listed_key(administrator, system, key)["last_used_at"]
        return last

    assert listed_key(administrator, system, key)["last_used_at"] is None
    assert [last_used_after_a_call(minutes) for minutes in (0, 59, 60, 119, 121)] == [
        "2026-03-10T09:30:00Z",
        "2026-03-10T09:30:00Z",
        "2026-03-10T10:30:00Z",
        "2026-03-10T10:30:00Z",
        "2026-03-10T11:31:00Z",
    ]


def test_call_waits_for_no_other_call_that_notes_the_same_use(
    http: TestClient, callers: Callers, owner_engine: Engine
) -> None:
    with owner_engine.begin() as other:
        other.execute(text("SELECT key_id FROM client_key_use FOR UPDATE"))

        assert status_with(http, callers.coordinator.key) == 200


def test_every_change_is_on_record_with_who_and_why_and_on_the_audit_trail(
    administrator: Caller, system: dict[str, Any], owner_engine: Engine
) -> None:
    key = administrator.post(keys_path(system), {"kind": "API_KEY", **WHY}).json()
    posted(administrator, keys_path(system, key, "rotations"))
    posted(administrator, keys_path(system, key, "suspensions"))
    posted(administrator, f"/v1/clients/{system['id']}/suspensions")

    changes = administrator.get(f"/v1/clients/{system['id']}").json()["changes"]
    assert [(one["kind"], one["changed_by"], one["reason"]) for one in changes] == [
        ("KEY_ADDED", "ANYTOWN-MARAC/sam.reid", WHY["reason"]),
        ("KEY_ADDED", "ANYTOWN-MARAC/sam.reid", WHY["reason"]),
        ("KEY_ROTATED", "ANYTOWN-MARAC/sam.reid", WHY["reason"]),
        ("KEY_SUSPENDED", "ANYTOWN-MARAC/sam.reid", WHY["reason"]),
        ("CLIENT_SUSPENDED", "ANYTOWN-MARAC/sam.reid", WHY["reason"]),
    ]
    assert audited(owner_engine, key["id"]) == [
        ("addClientKey", "ANYTOWN-MARAC", "sam.reid"),
        ("rotateClientKey", "ANYTOWN-MARAC", "sam.reid"),
        ("suspendClientKey", "ANYTOWN-MARAC", "sam.reid"),
    ]
    assert ("suspendClient", "ANYTOWN-MARAC", "sam.reid") in audited(owner_engine, system["id"])


@pytest.mark.parametrize("act", ["", "/suspensions", "/resumptions", "/keys"])
def test_client_of_another_agency_looks_like_one_that_does_not_exist(
    act: str,
    http: TestClient,
    callers: Callers,
    system: dict[str, Any],
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    stranger = an_administrator(http, sessions, clock, "ANYTOWN-COUNCIL")
    sent = {"kind": "API_KEY", **WHY} if act == "/keys" else WHY

    def answer(client_id: str) -> dict[str, Any]:
        path = f"/v1/clients/{client_id}{act}"
        got = stranger.post(path, sent) if act else stranger.get(path)
        return {"status": got.status_code} | {name: value for name, value in got.json().items() if name != "trace_id"}

    assert answer(system["id"]) == answer("cli_" + "0" * 32)
    assert answer(system["id"])["status"] == 404
    assert system["id"] not in stranger.get("/v1/clients").text


def test_key_of_one_client_is_not_changed_under_the_name_of_another(
    administrator: Caller, system: dict[str, Any]
) -> None:
    key = added_key(administrator, system)
    systems = administrator.get("/v1/clients").json()["items"]
    other = next(one for one in systems if one["role"] == "marac.chair")

    assert administrator.post(keys_path(other, key, "suspensions"), WHY).status_code == 404


@pytest.mark.parametrize("who", ["hub", "coordinator", "chair", "council"])
def test_only_an_administrator_sees_and_changes_keys(who: str, callers: Callers, system: dict[str, Any]) -> None:
    caller: Caller = getattr(callers, who)

    assert caller.get("/v1/clients").status_code == 403
    assert caller.post(keys_path(system), {"kind": "API_KEY", **WHY}).status_code == 403


@pytest.mark.parametrize("column", ["key_hash", "client_id", "kind", "public_jwk", "made_at"])
def test_service_itself_can_make_no_other_key_of_one(column: str, engine: Engine, callers: Callers) -> None:
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"UPDATE client_key SET {column} = NULL"))
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("DELETE FROM client_key"))


def test_database_lengthens_no_key_and_knows_it_by_one_thing_only(owner_engine: Engine, callers: Callers) -> None:
    for statement, rule in (
        ("UPDATE client_key SET key_hash = NULL", "is_a_hash_or_a_public_key"),
        ("UPDATE client_key SET public_jwk = '{}'", "is_a_hash_or_a_public_key"),
        ("UPDATE client_key SET expires_at = made_at - interval '1 day'", "ends_after_it_was_made"),
    ):
        with owner_engine.connect() as connection, pytest.raises(IntegrityError, match=rule):
            connection.execute(text(statement))
    with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="a key never lasts longer"):
        connection.execute(text("UPDATE client_key SET expires_at = expires_at + interval '1 day'"))


def test_administrator_of_one_area_gets_no_key_of_a_system_of_another(
    administrator: Caller, system: dict[str, Any], owner_engine: Engine
) -> None:
    with owner_engine.begin() as connection:
        elsewhere = text("UPDATE client SET areas = '{ANYTOWN,BORDER}' WHERE id = :id")
        connection.execute(elsewhere, {"id": system["id"]})

    answer = administrator.post(keys_path(system), WHY | {"kind": "API_KEY"})

    assert (answer.status_code, answer.json()["code"]) == (403, "areas-of-others")


def test_administrator_who_names_nobody_gets_no_key(administrator: Caller, system: dict[str, Any]) -> None:
    answer = replace(administrator, speaks_for="").post(keys_path(system), WHY | {"kind": "API_KEY"})

    assert (answer.status_code, answer.json()["code"]) == (422, "no-person")


def test_resumed_key_is_not_the_eleventh(administrator: Caller, system: dict[str, Any]) -> None:
    suspended = added_key(administrator, system)
    posted(administrator, keys_path(system, suspended, "suspensions"))
    keys = [added_key(administrator, system) for _ in range(9)]

    refused = administrator.post(keys_path(system, suspended, "resumptions"), WHY)
    posted(administrator, keys_path(system, keys[0], "suspensions"))

    assert refused.status_code == 409
    assert posted(administrator, keys_path(system, suspended, "resumptions"))["state"] == "ACTIVE"
