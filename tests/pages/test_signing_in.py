"""People sign in with a key, and a session ends when it should."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker
from tests.given import Callers
from tests.pages.visiting import History, Visitor

from app.access.models import Client
from app.foundation.clock import SettableClock


def test_person_who_signs_in_with_a_key_sees_the_board(visitor: Visitor, callers: Callers) -> None:
    visitor.opens("/")

    visitor.gives_key(callers.coordinator.key)

    assert (visitor.path, visitor.heading) == ("/board", "Open actions")


def test_unknown_key_is_refused_in_words_and_opens_nothing(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.coordinator.key + "x")

    assert "Enter an API key that is in use" in visitor.text
    assert visitor.opens("/board").url.startswith(f"{visitor.site}/sign-in")


def test_session_ends_after_half_an_hour_without_a_page(
    visitor: Visitor, callers: Callers, clock: SettableClock
) -> None:
    visitor.signs_in(callers.coordinator.key)
    clock.set(clock.now() + timedelta(minutes=30))

    visitor.opens("/board")

    assert "no page was opened for 30 minutes" in visitor.text


def test_session_ends_after_eight_hours_however_busy_it_was(
    visitor: Visitor, callers: Callers, clock: SettableClock
) -> None:
    visitor.signs_in(callers.coordinator.key)
    headings = []

    for _ in range(24):
        clock.set(clock.now() + timedelta(minutes=20))
        visitor.opens("/board")
        headings.append(visitor.heading)

    assert headings == ["Open actions"] * 23 + ["Sign in"]
    assert "a session ends after 8 hours" in visitor.text


def test_person_who_signs_out_must_sign_in_again(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.coordinator.key)

    visitor.signs_out()

    assert "You have signed out" in visitor.text
    assert visitor.opens("/board").url.startswith(f"{visitor.site}/sign-in")


def test_suspended_key_ends_its_sessions_at_the_next_page(
    visitor: Visitor, callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    visitor.signs_in(callers.coordinator.key)
    with sessions.begin() as session:
        session.execute(update(Client).values(suspended_at=clock.now()))

    visitor.opens("/board")

    assert visitor.heading == "Sign in"


def test_person_is_taken_to_the_decision_they_asked_for_before_signing_in(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    wanted = f"/board/decisions/{busy_board.decision_id}"
    visitor.opens(wanted)

    visitor.gives_key(callers.chair.key)

    assert visitor.path == wanted


@pytest.mark.parametrize("then", ["https://elsewhere.example/", "//elsewhere.example/board", "/board/../v1", ""])
def test_signing_in_never_leads_anywhere_but_our_own_pages(
    visitor: Visitor, callers: Callers, then: str
) -> None:
    visitor.opens(f"/sign-in?then={then}")

    visitor.gives_key(callers.coordinator.key)

    assert visitor.path == "/board"


def test_session_cookie_is_kept_from_scripts_and_from_other_sites(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.coordinator.key)

    cookies = {cookie["name"]: cookie for cookie in visitor.page.context.cookies()}

    assert cookies.keys() == {"session", "form"}
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in cookies.values())
    assert callers.coordinator.key not in cookies["session"]["value"]


def test_cookies_outside_loopback_are_secure_and_bound_to_the_host(app: FastAPI, callers: Callers) -> None:
    with TestClient(app, base_url="https://routing.example") as browser:
        token = _token(browser.get("/sign-in").text)

        answer = browser.post(
            "/sign-in", data={"form_token": token, "key": callers.hub.key}, follow_redirects=False
        )

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize("change", [{"form_token": "made-up"}, {"form_token": ""}])
def test_sign_in_form_without_our_own_token_is_refused(
    http: TestClient, callers: Callers, change: dict[str, str]
) -> None:
    http.get("/sign-in")

    answer = http.post("/sign-in", data={"key": callers.hub.key} | change, follow_redirects=False)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_form_that_another_site_sends_is_refused_even_with_the_token(
    http: TestClient, callers: Callers
) -> None:
    sent = {"key": callers.hub.key, "form_token": _token(http.get("/sign-in").text)}

    answers = [
        http.post("/sign-in", data=sent, headers={"Sec-Fetch-Site": site}, follow_redirects=False).status_code
        for site in ("cross-site", "same-site", "none", "same-origin")
    ]

    assert answers == [403, 403, 403, 303]


def test_signing_out_by_a_forged_form_leaves_the_session_as_it_was(
    http: TestClient, callers: Callers
) -> None:
    token = _token(http.get("/sign-in").text)
    http.post("/sign-in", data={"key": callers.hub.key, "form_token": token})

    answer = http.post("/sign-out", data={"form_token": "made-up"})

    assert answer.status_code == 403
    assert http.get("/board", follow_redirects=False).status_code == 200


def test_altered_session_cookie_is_worth_nothing(http: TestClient, callers: Callers) -> None:
    token = _token(http.get("/sign-in").text)
    http.post("/sign-in", data={"key": callers.hub.key, "form_token": token})
    kept = http.cookies["session"]
    http.cookies.clear()
    http.cookies.set("session", kept[:-1] + ("A" if kept[-1] != "A" else "B"))

    answer = http.get("/board", headers={"Accept": "text/html"}, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


def _token(html: str) -> str:
    return html.partition('name="form_token" value="')[2].partition('"')[0]
