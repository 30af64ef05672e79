"""An administrator adds, moves and suspends the people of an agency, and each change shows."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from tests.accounts.given_accounts import REASON, added, an_account, an_administrator, audited, suspend
from tests.given import Caller, Callers
from tests.signing_in import signed_in_as


def looks(callers: Callers, person: str) -> int:
    """The status with which this person of ANYTOWN-MARAC reads the list of actions."""
    headers = callers.coordinator._headers() | {"X-On-Behalf-Of": person}
    return int(callers.coordinator.client.get("/v1/actions", headers=headers).status_code)


def test_person_who_was_added_may_act_from_the_next_request(administrator: Caller, callers: Callers) -> None:
    before = looks(callers, "ann.lee")

    account = added(administrator)

    assert (before, looks(callers, "ann.lee")) == (403, 200)
    assert (account["agency"], account["post"], account["suspended_at"]) == ("ANYTOWN-MARAC", "MARAC_COORDINATOR", None)


@pytest.mark.parametrize("spelling", ["ann.lee", " Ann.LEE ", "\uff41nn.lee"], ids=ascii)
def test_one_name_in_two_spellings_is_one_account(spelling: str, administrator: Caller) -> None:
    added(administrator)

    answer = administrator.post("/v1/accounts", an_account(spelling, full_name="Somebody else"))

    assert (answer.status_code, answer.json()["code"]) == (409, "account-exists")


def test_suspended_person_may_act_no_longer_and_nobody_gets_their_name(administrator: Caller, callers: Callers) -> None:
    account = added(administrator)
    assert looks(callers, "ann.lee") == 200

    suspend(administrator, account)

    assert looks(callers, "ann.lee") == 403
    assert administrator.post("/v1/accounts", an_account()).json()["code"] == "account-exists"


def test_visit_from_before_a_suspension_opens_nothing_once_it_is_lifted(
    app: FastAPI, administrator: Caller, callers: Callers
) -> None:
    account = added(administrator)
    browser, _ = signed_in_as(app, account["id"])
    assert browser.get("/board").status_code == 200

    suspend(administrator, account)
    administrator.post(f"/v1/accounts/{account['id']}/resumptions", REASON)

    assert browser.get("/board", follow_redirects=False).status_code == 401
    assert signed_in_as(app, account["id"])[0].get("/board").status_code == 200


def test_resumed_person_acts_again_as_who_they_were(administrator: Caller, callers: Callers) -> None:
    account = added(administrator)
    suspend(administrator, account)

    resumed = administrator.post(f"/v1/accounts/{account['id']}/resumptions", REASON)

    assert (resumed.status_code, resumed.json()["id"], looks(callers, "ann.lee")) == (201, account["id"], 200)


@pytest.mark.parametrize(
    ("suspended", "act", "sent"),
    [
        (True, "suspensions", REASON),
        (False, "resumptions", REASON),
        (True, "placements", {"team": "Hub", "post": "MARAC_CHAIR", "areas": ["ANYTOWN"], **REASON}),
    ],
)
def test_change_that_does_not_fit_the_account_is_refused(
    suspended: bool, act: str, sent: dict[str, Any], administrator: Caller
) -> None:
    account = added(administrator)
    if suspended:
        suspend(administrator, account)

    assert administrator.post(f"/v1/accounts/{account['id']}/{act}", sent).status_code == 409


def test_person_who_was_invented_shows_on_the_audit_trail_with_who_invented_them(
    administrator: Caller, owner_engine: Engine
) -> None:
    account = administrator.post("/v1/accounts", an_account()).json()
    path = f"/v1/accounts/{account['id']}"
    to = {"team": "Chair's office", "post": "MARAC_CHAIR", "areas": ["ANYTOWN"], **REASON}
    administrator.post(f"{path}/placements", to).raise_for_status()
    administrator.post(f"{path}/suspensions", REASON).raise_for_status()

    assert audited(owner_engine, account["id"]) == [
        ("addAccount", "ANYTOWN-MARAC", "sam.reid"),
        ("moveAccount", "ANYTOWN-MARAC", "sam.reid"),
        ("suspendAccount", "ANYTOWN-MARAC", "sam.reid"),
    ]
    changes = administrator.get(path).json()["changes"]
    assert [(one["kind"], one["post"], one["changed_by"]) for one in changes] == [
        ("ADDED", "MARAC_COORDINATOR", "ANYTOWN-MARAC/sam.reid"),
        ("MOVED", "MARAC_CHAIR", "ANYTOWN-MARAC/sam.reid"),
        ("SUSPENDED", "MARAC_CHAIR", "ANYTOWN-MARAC/sam.reid"),
    ]


def test_accounts_are_listed_page_by_page_and_none_twice(administrator: Caller) -> None:
    account = added(administrator)

    first = administrator.get("/v1/accounts", limit=3).json()
    second = administrator.client.get(first["links"]["next"], headers=administrator._headers()).json()

    names = [one["name"] for page in (first, second) for one in page["items"]]
    assert sorted(names) == ["ana.lima", "ann.lee", "jo.smith", "marac.chair", "marac.coordinator", "sam.reid"]
    assert account["name"] in names


@pytest.mark.parametrize("act", ["placements", "suspensions", "resumptions", "linking-codes", ""])
def test_account_of_another_agency_looks_like_one_that_does_not_exist(
    act: str, administrator: Caller, http: TestClient, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    account = added(administrator)
    stranger = an_administrator(http, sessions, clock, "ANYTOWN-COUNCIL")
    to = {"team": "Hub", "post": "HOUSING", "areas": ["ANYTOWN"], **REASON}
    sent = {"placements": to}.get(act, REASON)

    def answer(account_id: str) -> dict[str, Any]:
        path = f"/v1/accounts/{account_id}" + (f"/{act}" if act else "")
        got = stranger.post(path, sent) if act else stranger.get(path)
        return {"status": got.status_code} | {name: value for name, value in got.json().items() if name != "trace_id"}

    assert answer(account["id"]) == answer("acc_" + "0" * 32)
    assert answer(account["id"])["status"] == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"areas": ["OTHERTOWN"]}, "`area` is not one of the areas of your client, which are ANYTOWN;"),
        ({"post": "PVP_HUB"}, "does not fill the post PVP_HUB"),
        ({"areas": []}, "areas"),
        ({"name": "a/b"}, "that people can tell apart"),
        ({"name": " \u00a0"}, "that people can tell apart"),
        ({"name": "ann\u200blee"}, "that people can tell apart"),
    ],
)
def test_place_of_others_and_name_that_is_none_are_refused(
    changes: dict[str, Any], says: str, administrator: Caller
) -> None:
    answer = administrator.post("/v1/accounts", an_account(**changes))

    assert answer.status_code == 422
    assert says in answer.text
    assert str(changes.get("name", "OTHERTOWN")) not in answer.text


@pytest.mark.parametrize("who", ["hub", "coordinator", "chair", "council", "idva", "probation"])
def test_only_an_administrator_adds_people(who: str, callers: Callers) -> None:
    assert getattr(callers, who).post("/v1/accounts", an_account()).status_code == 403


@pytest.mark.parametrize("column", ["name", "agency", "full_name"])
def test_service_itself_can_give_an_acts_name_to_nobody_else(
    column: str, administrator: Caller, engine: Engine
) -> None:
    added(administrator)

    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"UPDATE account SET {column} = 'x'"))
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("DELETE FROM account"))


def test_database_holds_a_name_once_and_what_happened_for_ever(administrator: Caller, owner_engine: Engine) -> None:
    added(administrator)
    again = (
        "INSERT INTO account SELECT 'acc_x', agency, name, 'x', team, post, areas, NULL, added_at, NULL FROM account"
    )

    with owner_engine.connect() as connection, pytest.raises(IntegrityError, match="uq_account_agency_name"):
        connection.execute(text(again))
    with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("UPDATE account_change SET reason = 'x'"))


@pytest.mark.parametrize(
    "added_sign",
    ["\ufe0f", "\u034f", "\u3164", "\U000e0100", "\u17b4", "\u180b", "\u2800", "\u0455", "\u0131"],
    ids=ascii,
)
def test_name_that_reads_like_another_is_refused_by_service_and_database(
    added_sign: str, administrator: Caller, owner_engine: Engine
) -> None:
    account = added(administrator)

    answer = administrator.post("/v1/accounts", an_account("ann.lee" + added_sign))

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/name")
    with owner_engine.connect() as connection, pytest.raises(IntegrityError, match="name_is_one_word_of_acts"):
        connection.execute(
            text("UPDATE account SET name = name || :sign WHERE id = :id"), {"sign": added_sign, "id": account["id"]}
        )


@pytest.mark.parametrize("name", ["si\u00f4n.o'brien", "zo\u00eb \u00e0 beckett", "\u0175yn", "\u1e85ren-3"])
def test_names_of_england_and_wales_are_names(name: str, administrator: Caller) -> None:
    assert added(administrator, name)["name"] == name


@pytest.mark.parametrize("post", ["MARAC_CHAIR", "MARAC_COORDINATOR"])
@pytest.mark.parametrize("filled_in", [None, "BORDER"])
def test_nobody_is_placed_in_a_post_of_a_whole_area_that_their_agency_does_not_fill_there(
    post: str,
    filled_in: str | None,
    http: TestClient,
    callers: Callers,
    sessions: sessionmaker[Session],
    clock: SettableClock,
    owner_engine: Engine,
) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM post WHERE area = 'ANYTOWN' AND role = :post"), {"post": post})
        if filled_in:
            connection.execute(text("INSERT INTO area VALUES ('BORDER', 'Border', 'ENG', 'national-baseline')"))
            row = {"area": filled_in, "post": post}
            connection.execute(text("INSERT INTO post VALUES (:area, :post, 'ANYTOWN-PROBATION')"), row)
    probation = an_administrator(http, sessions, clock, "ANYTOWN-PROBATION")

    answer = probation.post("/v1/accounts", an_account("max.hill", post=post))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "post_not_held")


def test_administrator_who_names_nobody_changes_nothing(administrator: Caller, callers: Callers) -> None:
    account = added(administrator)
    nameless = replace(administrator, speaks_for="")

    answers = [
        nameless.post("/v1/accounts", an_account("max.hill")),
        nameless.post(f"/v1/accounts/{account['id']}/suspensions", REASON),
    ]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(422, "no-person")] * 2
    assert looks(callers, "ann.lee") == 200


def test_administrator_changes_nobody_who_works_in_other_areas_too(
    administrator: Caller, callers: Callers, owner_engine: Engine
) -> None:
    account = added(administrator)
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE account SET areas = '{ANYTOWN,BORDER}' WHERE name = 'ann.lee'"))

    moved = {"team": "Hub", "post": "MARAC_COORDINATOR", "areas": ["ANYTOWN"], **REASON}
    answers = [
        administrator.post(f"/v1/accounts/{account['id']}/placements", moved),
        administrator.post(f"/v1/accounts/{account['id']}/suspensions", REASON),
        administrator.post(f"/v1/accounts/{account['id']}/linking-codes", REASON),
    ]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "areas-of-others")] * 3
    assert looks(callers, "ann.lee") == 200
