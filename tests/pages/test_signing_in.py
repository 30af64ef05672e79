"""People sign in as somebody, and a session ends when it should."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Account, PageVisit
from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from tests.given import Callers
from tests.pages.visiting import History, Visitor
from tests.signing_in import account_behind


def test_person_who_signs_in_sees_the_board(visitor: Visitor, callers: Callers) -> None:
    visitor.opens("/")

    visitor.chooses(callers.coordinator.key)

    assert (visitor.path, visitor.heading) == ("/board", "My work")


def test_who_chooses_nobody_is_told_and_nothing_opens(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in("nobody's")

    assert "Choose who you are" in visitor.text
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

    for _ in range(17):
        clock.set(clock.now() + timedelta(minutes=29))
        visitor.opens("/board")
        headings.append(visitor.heading)

    assert headings == ["My work"] * 16 + ["Sign in"]
    assert "a session ends after 8 hours" in visitor.text


def test_person_who_signs_out_must_sign_in_again(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.coordinator.key)

    visitor.signs_out()

    assert "You have signed out" in visitor.text
    assert visitor.opens("/board").url.startswith(f"{visitor.site}/sign-in")


def test_copied_cookie_is_worth_nothing_once_the_person_has_signed_out(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.coordinator.key)
    copied = visitor.page.context.cookies()

    visitor.signs_out()

    visitor.page.context.add_cookies(copied)
    assert visitor.opens("/board").url.startswith(f"{visitor.site}/sign-in")


def test_visit_is_on_record_from_signing_in_to_signing_out(
    visitor: Visitor, callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    came = clock.now()
    visitor.signs_in(callers.coordinator.key)
    clock.set(came + timedelta(minutes=20))

    visitor.signs_out()

    with sessions.begin() as session:
        visits = session.execute(select(PageVisit.signed_in_at, PageVisit.signed_out_at)).all()
    assert [tuple(visit) for visit in visits] == [(came, came + timedelta(minutes=20))]


def test_suspended_account_ends_its_sessions_at_the_next_page(
    visitor: Visitor, callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    visitor.signs_in(callers.coordinator.key)
    with sessions.begin() as session:
        scope_to_system(session)
        session.execute(update(Account).values(suspended_at=clock.now()))

    visitor.opens("/board")

    assert visitor.heading == "Sign in"


def test_person_is_taken_to_the_decision_they_asked_for_before_signing_in(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    wanted = f"/board/decisions/{busy_board.decision_id}"
    visitor.opens(wanted)

    visitor.chooses(callers.chair.key)

    assert visitor.path == wanted


@pytest.mark.parametrize("then", ["https://elsewhere.example/", "//elsewhere.example/board", "/board/../v1", ""])
def test_signing_in_never_leads_anywhere_but_our_own_pages(visitor: Visitor, callers: Callers, then: str) -> None:
    visitor.opens(f"/sign-in?then={then}")

    visitor.chooses(callers.coordinator.key)

    assert visitor.path == "/board"


def test_session_cookie_is_kept_from_scripts_and_from_other_sites(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.coordinator.key)

    cookies = {cookie["name"]: cookie for cookie in visitor.page.context.cookies()}

    assert cookies.keys() == {"session", "form"}
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in cookies.values())
    assert callers.coordinator.key not in cookies["session"]["value"]


@pytest.fixture
def behind_hub(app: FastAPI, callers: Callers) -> str:
    """The account of a person at the hub."""
    return account_behind(app, callers.hub.key)


@pytest.fixture
def elsewhere(app: FastAPI) -> Iterator[TestClient]:
    """A browser that reaches the service over https, as in service."""
    with TestClient(app, base_url="https://routing.example") as client:
        yield client


def test_cookies_outside_loopback_are_secure_and_bound_to_the_host(elsewhere: TestClient, behind_hub: str) -> None:
    token = _token(elsewhere.get("/sign-in").text)

    answer = _post(elsewhere, "/sign-in/development", form_token=token, account=behind_hub)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize("token", ["made-up", ""])
def test_sign_in_form_without_our_own_token_is_refused(elsewhere: TestClient, behind_hub: str, token: str) -> None:
    elsewhere.get("/sign-in")

    answer = _post(elsewhere, "/sign-in/development", form_token=token, account=behind_hub)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("none", 403), ("same-origin", 303)]
)
def test_form_that_another_site_sends_is_refused_even_with_the_token(
    elsewhere: TestClient, behind_hub: str, site: str, status: int
) -> None:
    token = _token(elsewhere.get("/sign-in").text)

    answer = _post(elsewhere, "/sign-in/development", site, form_token=token, account=behind_hub)

    assert answer.status_code == status


def test_token_of_another_browser_is_refused(elsewhere: TestClient, app: FastAPI, behind_hub: str) -> None:
    elsewhere.get("/sign-in")
    with TestClient(app, base_url="https://routing.example") as attacker:
        token = _token(attacker.get("/sign-in").text)

    answer = _post(elsewhere, "/sign-in/development", form_token=token, account=behind_hub)

    assert answer.status_code == 403


def test_signing_out_by_a_forged_form_leaves_the_session_as_it_was(elsewhere: TestClient, behind_hub: str) -> None:
    token = _token(elsewhere.get("/sign-in").text)
    _post(elsewhere, "/sign-in/development", form_token=token, account=behind_hub)

    answer = _post(elsewhere, "/sign-out", form_token="made-up")

    assert answer.status_code == 403
    assert elsewhere.get("/board", follow_redirects=False).status_code == 200


def test_altered_session_cookie_is_worth_nothing(elsewhere: TestClient, behind_hub: str) -> None:
    token = _token(elsewhere.get("/sign-in").text)
    _post(elsewhere, "/sign-in/development", form_token=token, account=behind_hub)
    kept = elsewhere.cookies["__Host-session"]
    altered = ("B" if kept[0] == "A" else "A") + kept[1:]
    elsewhere.cookies.clear()

    answer = elsewhere.get(
        "/board",
        headers={"Accept": "text/html", "Cookie": f"__Host-session={altered}"},
        follow_redirects=False,
    )

    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


def _post(browser: TestClient, path: str, site: str = "same-origin", **fields: str) -> Any:
    headers = {"Sec-Fetch-Site": site, "Accept": "text/html"}
    return browser.post(path, data=fields, headers=headers, follow_redirects=False)


def _token(html: str) -> str:
    return html.partition('name="form_token" value="')[2].partition('"')[0]


def test_chair_whose_post_has_passed_to_another_agency_sees_the_area_no_longer(
    visitor: Visitor, callers: Callers, busy_board: History, owner_engine: Engine
) -> None:
    visitor.signs_in(callers.chair.key)
    decision = f"/board/decisions/{busy_board.decision_id}"
    visitor.opens(decision)
    before = visitor.heading

    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE post SET agency = 'ANYTOWN-COUNCIL' WHERE role = 'MARAC_CHAIR'"))

    assert before not in {"Page not found", "You cannot see this page"}
    visitor.opens(decision)
    assert visitor.heading in {"Page not found", "You cannot see this page"}
