"""Another client of an agency is the same agency: what one has sent, the other sends again and gets no second case."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral


@pytest.fixture
def another(http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Any:
    """Makes another client, of the hub's agency unless the test says otherwise."""

    def made(agency: str = "ANYTOWN-POLICE") -> Caller:
        kept = {"name": "A second feed", "role": "hub.referrer", "areas": ["ANYTOWN"]}
        with sessions.begin() as session:
            _, key = add_client(session, agency=agency, now=clock.now(), **kept)
        return Caller(http, key)

    return made


def count_referrals(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM referral")) or 0)


def test_request_that_one_client_has_sent_makes_no_second_referral_of_the_other(
    callers: Callers, another: Any, owner_engine: Engine
) -> None:
    first = callers.hub.post("/v1/referrals", a_referral(), key="one-request")

    again = another().post("/v1/referrals", a_referral(), key="one-request")

    assert (again.status_code, again.json()["code"]) == (409, "referral-already-received")
    assert again.json()["referral_id"] == first.json()["referral_id"]
    assert count_referrals(owner_engine) == 1


def test_source_reference_is_the_agencys_whichever_client_sends_it(
    callers: Callers, another: Any, owner_engine: Engine
) -> None:
    first = callers.hub.post("/v1/referrals", a_referral()).json()

    again = another().post("/v1/referrals", a_referral(victim={"ref": "V-2"}))
    preview = another().post("/v1/routing-previews", a_referral(victim={"ref": "V-2"}))

    assert (again.status_code, again.json()["code"]) == (409, "referral-already-received")
    assert again.json()["referral_id"] == first["referral_id"]
    assert (preview.status_code, preview.json()["code"]) == (409, "referral-already-received")
    assert count_referrals(owner_engine) == 1


def test_two_systems_of_an_agency_may_number_their_keys_alike(
    callers: Callers, another: Any, owner_engine: Engine
) -> None:
    callers.hub.post("/v1/referrals", a_referral(), key="1").raise_for_status()

    other = another().post("/v1/referrals", a_referral("DV-2"), key="1")

    assert other.status_code == 201
    assert count_referrals(owner_engine) == 2


def test_act_of_one_person_is_not_the_answer_to_another_with_the_same_key(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral(), key="1", **callers.hub.on_behalf_of("jo.smith")).raise_for_status()

    other = callers.hub.post("/v1/referrals", a_referral(), key="1", **callers.hub.on_behalf_of("sam.reid"))

    assert (other.status_code, other.json()["code"]) == (409, "referral-already-received")


def test_two_clients_that_send_one_referral_at_once_make_one_referral(
    callers: Callers, another: Any, owner_engine: Engine
) -> None:
    senders = (callers.hub, another())

    def send(number: int) -> tuple[int, str]:
        answer = senders[number % 2].post("/v1/referrals", a_referral(), key="one-request")
        return answer.status_code, answer.json()["referral_id"]

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))

    assert {status for status, _ in answers} == {201, 409}
    assert len({referral for _, referral in answers}) == 1
    assert count_referrals(owner_engine) == 1


def test_same_reference_and_key_of_another_agency_are_another_referral(
    callers: Callers, another: Any, owner_engine: Engine
) -> None:
    callers.hub.post("/v1/referrals", a_referral(), key="one-request").raise_for_status()

    other = another("ANYTOWN-COUNCIL").post("/v1/referrals", a_referral(), key="one-request")

    assert other.status_code == 201
    assert "idempotency-replayed" not in other.headers
    assert count_referrals(owner_engine) == 2
