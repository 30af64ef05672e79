"""A person links their account themself: the provider proves who they are, and a code says whose account it is."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.pages.rendering.cookies import ProvedPerson, keep_proved
from tests.accounts.given_accounts import REASON, added, an_administrator, suspend
from tests.given import Caller, Callers

SIGNED_IN, REFUSED = 303, 403


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With a lock-out, as in a service that people use."""
    return settings.model_copy(update={"failures_before_lock_out": 5})


@pytest.fixture
def administrator(http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Caller:
    return an_administrator(http, sessions, clock)


@pytest.fixture
def council(http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Caller:
    return an_administrator(http, sessions, clock, "ANYTOWN-COUNCIL")


def a_code(administrator: Caller, account: dict[str, Any]) -> str:
    answer = administrator.post(f"/v1/accounts/{account['id']}/linking-codes", REASON)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


def proved(app: FastAPI, clock: SettableClock, subject: str) -> TestClient:
    """A browser to which the provider has just led somebody back, whom it calls that."""
    scope = {"type": "http", "app": app, "headers": [], "scheme": "https", "server": ("testserver", 443), "path": "/"}
    kept = Response()
    keep_proved(Request(scope), kept, ProvedPerson(subject, "/board", clock.now()))
    name, _, rest = kept.headers["set-cookie"].partition("=")
    browser = TestClient(app, base_url="https://testserver", headers={"Accept": "text/html"}, follow_redirects=False)
    browser.cookies.set(name, rest.partition(";")[0], domain="testserver.local")
    return browser


def enter(browser: TestClient, code: str) -> Any:
    token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token is not None
    sent = {"form_token": token[1], "code": code}
    return browser.post("/sign-in/link", data=sent, headers={"Sec-Fetch-Site": "same-origin"})


def words(answer: Any) -> str:
    """The page without what differs from one answer to the next."""
    return re.sub(r'value="[^"]+"', "", answer.text)


def subject_of(administrator: Caller, account: dict[str, Any]) -> str | None:
    found: str | None = administrator.get(f"/v1/accounts/{account['id']}").json()["subject"]
    return found


def test_code_links_whom_the_provider_proved_in_any_way_of_writing_it(
    app: FastAPI, clock: SettableClock, administrator: Caller
) -> None:
    account = added(administrator)
    code = a_code(administrator, account)

    answer = enter(proved(app, clock, "4711"), f" {code.lower().replace('-', ' ')} ")

    assert (answer.status_code, answer.headers["location"]) == (SIGNED_IN, "/board")
    assert subject_of(administrator, account) == "4711"


def test_code_is_good_once(app: FastAPI, clock: SettableClock, administrator: Caller) -> None:
    account = added(administrator)
    code = a_code(administrator, account)
    enter(proved(app, clock, "4711"), code)

    again = enter(proved(app, clock, "somebody.else"), code)

    assert (again.status_code, subject_of(administrator, account)) == (REFUSED, "4711")


def test_code_holds_for_an_hour(app: FastAPI, clock: SettableClock, administrator: Caller) -> None:
    account = added(administrator)
    code = a_code(administrator, account)
    clock.set(clock.now() + timedelta(hours=1))

    assert enter(proved(app, clock, "4711"), code).status_code == REFUSED
    assert subject_of(administrator, account) is None


def test_further_code_takes_the_place_of_the_one_before(
    app: FastAPI, clock: SettableClock, administrator: Caller
) -> None:
    account = added(administrator)
    first, second = a_code(administrator, account), a_code(administrator, account)

    answers = [enter(proved(app, clock, "4711"), code).status_code for code in (first, second)]

    assert answers == [REFUSED, SIGNED_IN]


def test_suspension_ends_a_code_for_good(app: FastAPI, clock: SettableClock, administrator: Caller) -> None:
    account = added(administrator)
    code = a_code(administrator, account)
    suspend(administrator, account)
    suspended = enter(proved(app, clock, "4711"), code)
    administrator.post(f"/v1/accounts/{account['id']}/resumptions", REASON).raise_for_status()

    resumed = enter(proved(app, clock, "4711"), code)

    assert [suspended.status_code, resumed.status_code] == [REFUSED, REFUSED]


def test_whom_the_provider_did_not_prove_links_nothing(
    app: FastAPI, clock: SettableClock, administrator: Caller
) -> None:
    account = added(administrator)
    code = a_code(administrator, account)
    stranger, late = TestClient(app, base_url="https://testserver"), proved(app, clock, "4711")
    clock.set(clock.now() + timedelta(minutes=10))

    assert [enter(stranger, code).status_code, enter(late, code).status_code] == [REFUSED, REFUSED]
    assert subject_of(administrator, account) is None


def test_nobody_learns_that_a_subject_signs_in_elsewhere(
    app: FastAPI, clock: SettableClock, administrator: Caller, council: Caller
) -> None:
    """Not whoever holds a good code either: the answer is that of a code that is none."""
    enter(proved(app, clock, "4711"), a_code(administrator, added(administrator)))
    other = added(council, post="HOUSING")

    taken = enter(proved(app, clock, "4711"), a_code(council, other))
    wrong = enter(proved(app, clock, "4712"), "AAAA-BBBB-CCCC-DDDD")

    assert taken.status_code == wrong.status_code == REFUSED
    assert words(taken) == words(wrong)
    assert subject_of(council, other) is None


def test_only_the_hash_of_a_code_is_kept_and_a_repeated_request_shows_none(
    administrator: Caller, owner_engine: Engine
) -> None:
    path = f"/v1/accounts/{added(administrator)['id']}/linking-codes"
    first, again = (administrator.post(path, REASON, key="one").json() for _ in range(2))

    code = first["code"].replace("-", "")
    with owner_engine.connect() as connection:
        kept = connection.execute(text("SELECT linking_code::text FROM linking_code")).scalar_one()
        stored = connection.scalars(text("SELECT body FROM idempotent_result")).all()
    assert again.get("code") is None
    assert code not in kept
    assert not any(first["code"] in one for one in stored)


def test_nobody_types_what_the_provider_calls_somebody(administrator: Caller) -> None:
    account = added(administrator)

    sent = {"subject": "4711", **REASON}
    assert administrator.post(f"/v1/accounts/{account['id']}/subjects", sent).status_code == 404
    assert administrator.post(f"/v1/accounts/{account['id']}/linking-codes", sent).status_code == 422


def test_whoever_tries_codes_is_locked_out(app: FastAPI, clock: SettableClock, administrator: Caller) -> None:
    code = a_code(administrator, added(administrator))
    browser = proved(app, clock, "4711")

    tries = [enter(browser, f"AAAA-BBBB-CCCC-DDD{n}").status_code for n in range(5)]

    assert tries == [REFUSED] * 5
    assert enter(browser, code).status_code == 429


def test_visit_of_a_subject_that_was_linked_before_comes_back_with_no_later_link(
    app: FastAPI, clock: SettableClock, administrator: Caller
) -> None:
    account = added(administrator)
    old = proved(app, clock, "4711")
    enter(old, a_code(administrator, account))
    opened = old.get("/board").status_code
    enter(proved(app, clock, "4712"), a_code(administrator, account))
    enter(proved(app, clock, "4711"), a_code(administrator, account))

    assert (opened, old.get("/board").status_code) == (200, SIGNED_IN)
