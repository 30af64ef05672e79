"""People sign in at a real OpenID Connect provider, with its one-time password; nothing less opens a page."""

import hashlib
import hmac
import json
import socket
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from tests.accounts.given_accounts import REASON, added, an_administrator, suspend
from tests.given import Caller, Callers
from tests.node import ROOT
from tests.pages.visiting import Visitor
from tests.postgres import SECRET_KEY

CLIENT_ID, CLIENT_SECRET, ONE_TIME = "referral-routing", "a secret of one test run", "0123456789abcdef"
PERSON, PASSWORD = "ann.lee.4711", "a long password of one test run"


@dataclass(frozen=True, slots=True)
class Provider:
    """A running provider, and the port of the service that it leads back to."""

    issuer: str
    port: int


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """Canaille in an environment of its own. It calls itself localhost, so to the service it is another site."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    wanted = {
        "port": 0,
        "redirect_uri": f"http://127.0.0.1:{port}/sign-in/callback",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "user_name": PERSON,
        "password": PASSWORD,
        "secret_token": ONE_TIME,
    }
    python = ROOT / ".venv-provider" / "bin" / "python"
    assert python.exists(), "The provider is not installed: run `make provider`."
    command = [str(python), str(Path(__file__).parent / "provider" / "serve.py"), json.dumps(wanted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        yield Provider(running.stdout.readline().strip(), port)
        running.terminate()


@pytest.fixture
def listening(provider: Provider) -> socket.socket:
    return socket.create_server(("127.0.0.1", provider.port))


@pytest.fixture
def clock() -> SettableClock:
    """The real time: the provider writes it into its tokens."""
    return SettableClock(datetime.now(UTC))


@pytest.fixture
def settings(tmp_path: Path, provider: Provider) -> Settings:
    return Settings(
        data_dir=tmp_path,
        secret_key=SECRET_KEY,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        public_url=f"http://127.0.0.1:{provider.port}",
    )


@pytest.fixture
def administrator(http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Caller:
    return an_administrator(http, sessions, clock)


@pytest.fixture
def newcomer(administrator: Caller) -> dict[str, str]:
    """The account of a co-ordinator who has never signed in, and the code that the administrator gave them."""
    account = added(administrator)
    answer = administrator.post(f"/v1/accounts/{account['id']}/linking-codes", REASON)
    return account | {"code": answer.json()["code"]}


@pytest.fixture
def ann(newcomer: dict[str, str], owner_engine: Engine) -> dict[str, str]:
    """The account, linked to what the provider calls them."""
    link(owner_engine, newcomer["id"], PERSON)
    return newcomer


def link(engine: Engine, account_id: str, subject: str) -> None:
    with engine.begin() as connection:
        named = {"id": account_id, "subject": subject}
        connection.execute(text("UPDATE account SET subject = :subject WHERE id = :id"), named)


def enters(visitor: Visitor, code: str) -> None:
    visitor.page.get_by_label("Your linking code").fill(code)
    visitor.page.get_by_role("button", name="Link my account").click()
    visitor.page.wait_for_load_state()


def one_time_password(at: datetime) -> str:
    """The six digits that the person's telephone shows then (RFC 6238)."""
    digest = hmac.new(ONE_TIME.encode(), struct.pack(">Q", int(at.timestamp()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def proves(visitor: Visitor, then: str = "/board") -> None:
    """Signs in at the provider, with password and one-time password, and is led back."""
    visitor.page.set_default_timeout(10_000)
    visitor.opens(then)
    visitor.page.get_by_role("button", name="Sign in with your organisation").click()
    visitor.page.locator("input[name=login]").fill(PERSON)
    visitor.page.locator("button[type=submit]").click()
    visitor.page.locator("input[name=password]").fill(PASSWORD)
    visitor.page.locator("button[type=submit]").click()
    visitor.page.locator("input[name=otp]").fill(one_time_password(datetime.now(UTC)))
    visitor.page.locator("button[type=submit]").click()
    visitor.page.wait_for_url(f"{visitor.site}/**")


def sign_ins(engine: Engine) -> list[tuple[str, str, str | None]]:
    query = "SELECT subject_type, subject_id, on_behalf_of FROM audit_entry WHERE category = 'sign-in' ORDER BY number"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_person_signs_in_at_the_provider_with_a_one_time_password_and_signs_out(
    visitor: Visitor, ann: dict[str, str], owner_engine: Engine
) -> None:
    proves(visitor, "/board/statistics")

    visitor.page.wait_for_url(f"{visitor.site}/board/statistics")
    cookies = {cookie["name"]: cookie for cookie in visitor.page.context.cookies(visitor.site)}
    assert cookies["session"]["sameSite"] == "Strict"
    assert "attempt" not in cookies
    visitor.signs_out()
    assert visitor.opens("/board").url.startswith(f"{visitor.site}/sign-in")
    assert sign_ins(owner_engine) == [("sign-in", ann["id"], "ann.lee"), ("sign-out", ann["id"], "ann.lee")]


def test_person_links_their_account_themself_at_their_first_sign_in(
    visitor: Visitor, newcomer: dict[str, str], administrator: Caller, owner_engine: Engine
) -> None:
    proves(visitor, "/board/statistics")
    enters(visitor, newcomer["code"].lower().replace("-", " "))

    visitor.page.wait_for_url(f"{visitor.site}/board/statistics")
    account = administrator.get(f"/v1/accounts/{newcomer['id']}").json()
    assert (account["subject"], account["changes"][-1]["kind"]) == (PERSON, "LINKED")
    assert account["changes"][-1]["changed_by"] == "ANYTOWN-MARAC/ann.lee"
    assert "proved" not in {cookie["name"] for cookie in visitor.page.context.cookies(visitor.site)}
    assert sign_ins(owner_engine)[-1] == ("sign-in", newcomer["id"], "ann.lee")


def test_person_without_an_account_is_refused_and_recorded(
    visitor: Visitor, callers: Callers, owner_engine: Engine
) -> None:
    proves(visitor)

    assert "You could not be signed in" in visitor.text
    assert visitor.opens("/board").url.startswith(f"{visitor.site}/sign-in")
    assert sign_ins(owner_engine) == [("refused-sign-in", "no-account", None)]


def test_suspended_person_is_refused_in_the_same_words(
    visitor: Visitor, administrator: Caller, ann: dict[str, str], owner_engine: Engine
) -> None:
    suspend(administrator, ann)

    proves(visitor)

    assert "You could not be signed in" in visitor.text
    assert sign_ins(owner_engine) == [("refused-sign-in", ann["id"], None)]


def test_person_linked_to_another_subject_is_signed_out_at_the_next_page(
    visitor: Visitor, ann: dict[str, str], owner_engine: Engine
) -> None:
    proves(visitor)
    visitor.page.wait_for_url(f"{visitor.site}/board")
    link(owner_engine, ann["id"], "somebody-else")

    visitor.opens("/board")

    assert visitor.heading == "Sign in"


@pytest.fixture
def browser_of_stranger(app: FastAPI, callers: Callers) -> TestClient:
    return TestClient(app, base_url="https://testserver", headers={"Accept": "text/html"}, follow_redirects=False)


def begun(browser: TestClient) -> dict[str, list[str]]:
    """What the browser takes along to the provider."""
    return parse_qs(urlsplit(browser.get("/sign-in/provider").headers["location"]).query)


def test_each_attempt_has_secrets_of_its_own_and_a_challenge(browser_of_stranger: TestClient) -> None:
    one, other = begun(browser_of_stranger), begun(browser_of_stranger)

    assert one["code_challenge_method"] == ["S256"]
    assert (one["response_type"], one["scope"], one["prompt"]) == (["code"], ["openid"], ["login"])
    assert all(one[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_answer_to_no_attempt_of_this_browser_is_refused(
    browser_of_stranger: TestClient, clock: SettableClock, app: FastAPI, owner_engine: Engine
) -> None:
    state = begun(browser_of_stranger)["state"][0]
    elsewhere = TestClient(app, base_url="https://testserver", headers={"Accept": "text/html"})

    answers = [
        elsewhere.get("/sign-in/callback", params={"code": "x", "state": state}),  # another browser
        browser_of_stranger.get("/sign-in/callback", params={"code": "x", "state": "forged"}),
        browser_of_stranger.get("/sign-in/callback", params={"code": "x", "state": state}),  # the attempt is used up
    ]

    assert [one.status_code for one in answers] == [403, 403, 403]
    assert not any("session" in one.headers.get("set-cookie", "") for one in answers)
    why = [("refused-sign-in", code, None) for code in ("no-attempt", "not-proved", "no-attempt")]
    assert sign_ins(owner_engine) == why


@pytest.mark.parametrize(
    "answer",
    [
        {"code": "made-up"},
        {"code": ""},
        {"error": "access_denied"},
        {"code": "made-up", "iss": "https://other.example"},
    ],
    ids=["a code that was never given", "no code", "refused there", "another provider"],
)
def test_answer_that_proves_nobody_is_refused(
    answer: dict[str, str], browser_of_stranger: TestClient, owner_engine: Engine
) -> None:
    state = begun(browser_of_stranger)["state"][0]

    refused = browser_of_stranger.get("/sign-in/callback", params={"state": state, **answer})

    assert refused.status_code == 403
    assert sign_ins(owner_engine) == [("refused-sign-in", "not-proved", None)]


def test_provider_that_is_away_signs_nobody_in_and_is_not_asked_about_a_forged_answer(
    browser_of_stranger: TestClient, app: FastAPI
) -> None:
    state = begun(browser_of_stranger)["state"][0]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
    app.state.identity_provider = replace(app.state.identity_provider, issuer=nowhere)

    away = browser_of_stranger.get("/sign-in/callback", params={"code": "x", "state": state})
    forged = browser_of_stranger.get("/sign-in/callback", params={"code": "x", "state": state + "x"})

    assert (away.status_code, forged.status_code) == (503, 403)
    assert browser_of_stranger.get("/sign-in/provider").status_code == 503


def test_attempt_is_forgotten_after_ten_minutes(browser_of_stranger: TestClient, clock: SettableClock) -> None:
    state = begun(browser_of_stranger)["state"][0]
    clock.set(datetime.fromtimestamp(clock.now().timestamp() + 600, UTC))

    assert browser_of_stranger.get("/sign-in/callback", params={"code": "x", "state": state}).status_code == 403


def test_nobody_is_chosen_by_name_where_a_provider_is_set(browser_of_stranger: TestClient) -> None:
    shown = browser_of_stranger.get("/sign-in").text
    token = shown.partition('name="form_token" value="')[2].partition('"')[0]

    answer = browser_of_stranger.post("/sign-in/development", data={"form_token": token, "account": "x"})

    assert answer.status_code == 404
    assert "Who you are" not in shown
    assert "API key" not in shown
