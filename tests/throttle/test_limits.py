"""A client, a person and an address may call so often; what is too much is refused and says how long to wait."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.audit.models import AuditEntry
from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_engine
from app.main import create_app
from app.throttle.limits import Limit, LimitUse
from app.throttle.models import CallCount
from app.throttle.service import count_call, forget_old_counts, network_of
from tests.given import Caller, Callers, a_referral
from tests.postgres import SECRET_KEY
from tests.signing_in import signed_in

PACED = Limit("client", calls=10, seconds=60, slack=1.1)
NOT_A_KEY = "rrk_test_wrong"
MORNING = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Ten calls a minute of a client and six of a person, three failures before an address is locked out."""
    return Settings(
        data_dir=tmp_path, secret_key=SECRET_KEY, development_sign_in=True, calls_a_minute=10,
        calls_of_a_person_a_minute=6, person_searches_a_minute=2, sign_ins_a_minute=5, failures_before_lock_out=3,
    )  # fmt: skip


def called(caller: Caller, times: int, **headers: str) -> list[int]:
    sent = {"Authorization": f"Bearer {caller.key}"} | headers
    return [caller.client.get("/v1/inbox", headers=sent).status_code for _ in range(times)]


def refusals(sessions: sessionmaker[Session]) -> list[tuple[str, str, str | None]]:
    with sessions.begin() as session:
        rows = session.execute(
            select(AuditEntry.subject_id, AuditEntry.agency, AuditEntry.address)
            .where(AuditEntry.category == "refusal")
            .order_by(AuditEntry.number)
        )
        return [tuple(row) for row in rows]


def test_every_answer_says_what_is_left(callers: Callers, clock: SettableClock) -> None:
    clock.set(MORNING + timedelta(seconds=20))

    called(callers.coordinator, 3)
    answer = callers.coordinator.get("/v1/inbox")

    assert answer.headers["RateLimit-Policy"] == '"client";q=10;w=60'
    assert answer.headers["RateLimit"] == '"client";r=6;t=40'


def test_call_above_the_limit_is_refused_and_says_when_it_is_answered(callers: Callers, clock: SettableClock) -> None:
    clock.set(MORNING + timedelta(seconds=20))

    statuses = called(callers.coordinator, 11)
    refused = callers.coordinator.get("/v1/inbox")

    assert statuses == [200] * 11  # one more than advertised: two clocks differ
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (
        429, "quota-exceeded", "40",
    )  # fmt: skip
    assert refused.headers["RateLimit"] == '"client";r=0;t=40'
    clock.set(clock.now() + timedelta(seconds=40))
    assert called(callers.coordinator, 1) == [200]


def test_refused_referral_stores_nothing_and_is_taken_with_the_same_key_later(
    callers: Callers, clock: SettableClock
) -> None:
    called(callers.hub, 11)

    refused = callers.hub.post("/v1/referrals", a_referral(), key="the-same")
    clock.set(clock.now() + timedelta(minutes=1))
    taken = callers.hub.post("/v1/referrals", a_referral(), key="the-same")

    assert (refused.status_code, taken.status_code) == (429, 201)
    assert "Idempotency-Replayed" not in taken.headers


def test_one_clients_limit_is_no_other_clients(callers: Callers) -> None:
    called(callers.coordinator, 12)

    assert called(callers.idva, 1) == [200]


def test_call_that_the_role_may_not_make_counts_as_well(callers: Callers) -> None:
    for _ in range(11):
        callers.idva.post("/v1/referrals", a_referral())

    assert called(callers.idva, 1) == [429]


def test_all_processes_count_together(
    callers: Callers, engine: Engine, settings: Settings, clock: SettableClock
) -> None:
    with TestClient(create_app(settings, engine, clock)) as other:
        elsewhere = replace(callers.coordinator, client=other)
        statuses = [called(one, 1)[0] for _ in range(6) for one in (callers.coordinator, elsewhere)]

    assert Counter(statuses) == {200: 11, 429: 1}


def test_calls_at_once_are_each_counted(
    callers: Callers, database_url: str, settings: Settings, clock: SettableClock
) -> None:
    engine = make_engine(database_url, secret_key=SECRET_KEY)
    with TestClient(create_app(settings, engine, clock)) as http, ThreadPoolExecutor(8) as pool:
        caller = replace(callers.coordinator, client=http)
        statuses = list(pool.map(lambda _: called(caller, 1)[0], range(30)))
    engine.dispose()

    assert Counter(statuses) == {200: 11, 429: 19}


def test_person_is_counted_through_a_system_and_on_pages_together(
    app: FastAPI, callers: Callers, sessions: sessionmaker[Session]
) -> None:
    browser, board = signed_in(app, callers.coordinator.key)
    [name] = [entry.on_behalf_of for entry in _acts(sessions, "sign-in")]

    statuses = called(callers.coordinator, 6, **callers.coordinator.on_behalf_of(name.upper()))
    page = browser.get("/board", headers={"Accept": "text/html"})

    assert board.status_code == 200
    assert statuses == [200] * 5 + [429]  # with the board, which the sign-in led to
    assert (page.status_code, "Too many requests" in page.text) == (429, True)
    assert called(callers.coordinator, 1) == [200]  # the system itself has calls left


def test_search_for_people_has_a_narrower_limit(callers: Callers) -> None:
    sought = {"purpose": "REFERRAL", "ref": "V-1"}
    answers = [callers.hub.post("/v1/person-searches", sought) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert '"person-search";q=2;w=60' in answers[0].headers["RateLimit-Policy"]
    assert callers.hub.get("/v1/referrals").status_code == 200


def test_address_that_proves_nobody_is_locked_out_and_whoever_has_a_key_is_not(
    callers: Callers, clock: SettableClock
) -> None:
    stranger = replace(callers.hub, key=NOT_A_KEY)

    statuses = called(stranger, 5)
    refused = stranger.get("/v1/inbox")

    assert statuses == [401] * 3 + [429] * 2
    assert (refused.json()["code"], int(refused.headers["Retry-After"]) <= 15 * 60) == ("locked-out", True)
    assert called(callers.coordinator, 1) == [200]  # a broken system keeps no other at its address from calling
    clock.set(clock.now() + timedelta(minutes=15))
    assert called(stranger, 1) == [401]


def test_refused_calls_are_on_the_audit_trail_with_who_and_from_where(
    callers: Callers, sessions: sessionmaker[Session]
) -> None:
    called(replace(callers.hub, key=NOT_A_KEY), 6)
    callers.idva.post("/v1/referrals", a_referral())
    callers.idva.post("/v1/referrals", a_referral(), **callers.idva.on_behalf_of("nobody.here"))

    assert refusals(sessions) == [
        ("unauthenticated", "NOBODY", "testclient"),
        ("unauthenticated", "NOBODY", "testclient"),
        ("unauthenticated", "NOBODY", "testclient"),
        ("locked-out", "NOBODY", "testclient"),  # and no more of the same window: the trail is not flooded
        ("forbidden", "ANYTOWN-IDVA", "testclient"),
        ("forbidden", "ANYTOWN-IDVA", "testclient"),
    ]


def test_spent_limit_is_on_the_audit_trail_once_a_window(callers: Callers, sessions: sessionmaker[Session]) -> None:
    called(callers.idva, 20)

    assert refusals(sessions) == [("quota-exceeded", "ANYTOWN-IDVA", "testclient")]


def test_sign_ins_are_counted_at_their_address(app: FastAPI, callers: Callers) -> None:
    pages = [signed_in(app, callers.coordinator.key)[1] for _ in range(6)]

    assert [page.status_code for page in pages] == [200] * 5 + [429]
    assert int(pages[-1].headers["Retry-After"]) <= 60


def test_address_whose_sign_ins_fail_is_locked_out_of_signing_in_and_its_systems_are_not(
    app: FastAPI, callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    for _ in range(3):
        _, page = signed_in(app, "nobody's")
        assert page.status_code == 422

    locked = [signed_in(app, callers.coordinator.key)[1] for _ in range(2)]

    assert [page.status_code for page in locked] == [429, 429]
    assert refusals(sessions) == [("locked-out", "NOBODY", "testclient")]
    assert called(callers.coordinator, 1) == [200]
    clock.set(clock.now() + timedelta(minutes=15))
    assert signed_in(app, callers.coordinator.key)[1].status_code == 200


def test_page_that_asks_to_sign_in_is_no_failure(
    app: FastAPI, callers: Callers, sessions: sessionmaker[Session]
) -> None:
    with TestClient(app) as browser:
        asked = [browser.get("/board", headers={"Accept": "text/html"}, follow_redirects=False) for _ in range(5)]

    assert {answer.status_code for answer in asked} == {303}
    assert refusals(sessions) == []


def test_clock_that_was_an_hour_ahead_holds_nobody_back(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for _ in range(20):
            count_call(session, {"one": PACED}, MORNING + timedelta(hours=1))
        [use] = count_call(session, {"one": PACED}, MORNING)

    assert use == LimitUse(PACED, MORNING, 1)


def test_clocks_that_differ_by_a_second_count_in_one_window(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        count_call(session, {"one": PACED}, MORNING)
        [use] = count_call(session, {"one": PACED}, MORNING - timedelta(seconds=1))

    assert use == LimitUse(PACED, MORNING, 2)


def test_counts_that_no_window_needs_are_forgotten(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        count_call(session, {"old": PACED}, MORNING - timedelta(days=2))
        count_call(session, {"new": PACED}, MORNING)
    with sessions.begin() as session:
        gone = [forget_old_counts(session, MORNING), forget_old_counts(session, MORNING)]
        kept = session.scalars(select(CallCount.subject)).all()

    assert (gone, kept) == ([1, 0], ["new"])


def test_count_names_neither_person_nor_address(app: FastAPI, callers: Callers, owner_engine: Engine) -> None:
    called(replace(callers.hub, key=NOT_A_KEY), 1)
    called(callers.hub, 1, **callers.hub.on_behalf_of("jo.smith"))

    with owner_engine.connect() as connection:
        stored = " ".join(connection.scalars(text("SELECT subject FROM call_count")))
    assert {"failures", "person"} <= set(stored.split())
    assert not {"jo.smith", "testclient"} & set(stored.split())


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("not an address", "not an address"),
    ],
)
def test_ipv6_subscriber_counts_as_one_address(address: str, counts_as: str) -> None:
    assert network_of(address) == counts_as


def _acts(sessions: sessionmaker[Session], category: str) -> Any:
    with sessions.begin() as session:
        return session.scalars(select(AuditEntry).where(AuditEntry.category == category)).all()


def test_no_call_holds_two_connections_at_once(callers: Callers, app_engine: Engine) -> None:
    """Two calls that each hold one and wait for another would wait for each other."""
    held = [0, 0]

    def taken(*_: Any) -> None:
        held[0] += 1
        held[1] = max(held)

    def given_back(*_: Any) -> None:
        held[0] -= 1

    event.listen(app_engine, "checkout", taken)
    event.listen(app_engine, "checkin", given_back)
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()
    callers.idva.post("/v1/referrals", a_referral())
    replace(callers.hub, key=NOT_A_KEY).get("/v1/inbox")
    signed_in(callers.hub.client.app, callers.coordinator.key)  # type: ignore[arg-type]
    event.remove(app_engine, "checkout", taken)
    event.remove(app_engine, "checkin", given_back)

    assert held == [0, 1]


def test_feed_that_may_not_speak_for_people_spends_nobodys_limit(
    app: FastAPI, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    with sessions.begin() as session:
        feed = {"name": "feed", "agency": "ANYTOWN-POLICE", "role": "hub.referrer", "areas": ["ANYTOWN"]}
        _, key = add_client(session, now=clock.now(), **feed)  # type: ignore[arg-type]
    named = callers.hub.on_behalf_of("jo.smith")

    refused = called(replace(callers.hub, key=key), 8, **named)

    assert set(refused) == {403}
    assert called(callers.hub, 6, **named) == [200] * 6


def test_picture_on_another_sites_page_locks_nobody_out_of_signing_in(
    app: FastAPI, callers: Callers, sessions: sessionmaker[Session]
) -> None:
    with TestClient(app) as browser:
        loaded = {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site"}
        for path in ("/sign-in/provider", "/sign-in/callback?code=x&state=y") * 10:
            assert browser.get(path, headers=loaded).status_code == 403

    assert signed_in(app, callers.coordinator.key)[1].status_code == 200
    assert len(refusals(sessions)) == 3  # no more than an address may fail


def test_stranger_writes_no_endless_audit_trail(
    app: FastAPI, callers: Callers, sessions: sessionmaker[Session]
) -> None:
    with TestClient(app) as browser:
        answers = [browser.post("/sign-out", data={"form_token": "forged"}).status_code for _ in range(20)]

    assert set(answers) == {403}
    assert len(refusals(sessions)) == 3
