"""A hub sends a referral and gets an explained, owned, timed answer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, text

from tests.given import Callers, a_referral, an_incident, not_high_risk

MOST_STATEMENTS, MOST_READINGS_OF_LINKS = 180, 14


def test_referral_is_answered_with_its_decision_owners_and_actions(callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral())

    assert answer.status_code == 201, answer.text
    body = answer.json()
    decision = body["decision"]["decision"]
    assert decision["victim"]["forum"] == "MARAC"
    assert {need["kind"]: need["owner"]["forum"] for need in body["needs"]} == {
        "VICTIM_SAFETY": "REFERRING_AGENCY",
        "PERPETRATOR": "HUB",
    }
    assert all(action["owner_role"] and action["due"] for action in body["actions"])
    assert answer.headers["location"] == f"/v1/referrals/{body['referral_id']}"


def test_referral_is_kept_whole_as_it_was_sent(callers: Callers) -> None:
    sent = a_referral()
    referral_id = callers.hub.post("/v1/referrals", sent).json()["referral_id"]

    kept = callers.hub.get(f"/v1/referrals/{referral_id}").json()["document"]

    assert kept == sent


def test_same_idempotency_key_gives_the_same_answer_and_one_referral(callers: Callers, owner_engine: Engine) -> None:
    first = callers.hub.post("/v1/referrals", a_referral(), key="same")

    again = callers.hub.post("/v1/referrals", a_referral(), key="same")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert _count(owner_engine, "referral") == 1


def test_same_idempotency_key_with_another_body_is_refused(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral(), key="same")

    again = callers.hub.post("/v1/referrals", a_referral("DV-2"), key="same")

    assert (again.status_code, again.json()["code"]) == (422, "idempotency-key-reused")


def test_missing_idempotency_key_is_refused_and_nothing_is_stored(
    http: TestClient, callers: Callers, owner_engine: Engine
) -> None:
    answer = http.post("/v1/referrals", json=a_referral(), headers={"Authorization": f"Bearer {callers.hub.key}"})

    assert answer.status_code == 400
    assert _count(owner_engine, "referral") == 0


def test_same_source_reference_under_a_new_key_points_to_the_first_referral(callers: Callers) -> None:
    first = callers.hub.post("/v1/referrals", a_referral()).json()

    again = callers.hub.post("/v1/referrals", a_referral())

    assert again.status_code == 409
    assert again.json()["referral_id"] == first["referral_id"]


def test_sixteen_concurrent_senders_of_one_referral_make_one_referral(callers: Callers, owner_engine: Engine) -> None:
    def send(number: int) -> int:
        return int(callers.hub.post("/v1/referrals", a_referral(), key=f"try-{number % 4}").status_code)

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(send, range(16)))

    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert _count(owner_engine, "referral") == 1


def test_sixteen_concurrent_referrals_about_one_perpetrator_keep_one_need_and_one_owner(
    callers: Callers, owner_engine: Engine
) -> None:
    def send(number: int) -> Any:
        return callers.hub.post("/v1/referrals", a_referral(f"DV-{number}", victim={"ref": f"V-{number}"}))

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(send, range(16)))

    assert [answer.status_code for answer in answers] == [201] * 16, [a.text for a in answers if a.status_code != 201]
    with owner_engine.connect() as connection:
        owners = connection.scalar(
            text(
                "SELECT count(*) FROM ownership o JOIN need n ON n.number = o.need_number "
                "WHERE n.kind = 'PERPETRATOR' AND upper_inf(during)"
            )
        )
    assert owners == 1


def test_new_incident_makes_a_new_decision_and_keeps_the_old_one(callers: Callers) -> None:
    referral_id = callers.hub.post("/v1/referrals", a_referral()).json()["referral_id"]

    callers.hub.post(
        f"/v1/referrals/{referral_id}/incidents", {"incident": an_incident("2026-03-10T08:00:00Z")}
    ).raise_for_status()

    decisions = callers.hub.get(f"/v1/referrals/{referral_id}/decisions").json()["items"]
    assert [decision["because"] for decision in decisions] == ["referral received", "new incident"]
    facts = [decision["decision"]["facts"] for decision in decisions]
    assert facts[0] != facts[1]


def test_facts_learned_later_change_the_decision_and_not_the_referral(callers: Callers) -> None:
    sent = a_referral(assessment=not_high_risk())
    first = callers.hub.post("/v1/referrals", sent).json()

    second = callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", {"assessment": {"hub_grade": "HIGH"}})

    assert second.status_code == 201, second.text
    outcomes = [body["decision"]["decision"]["outcomes"]["marac"] for body in (first, second.json())]
    assert outcomes == ["no", "yes"]
    assert callers.hub.get(f"/v1/referrals/{first['referral_id']}").json()["document"] == sent


def test_area_that_is_not_the_callers_is_refused(callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(area="ELSEWHERE"))

    assert answer.status_code == 422


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@pytest.fixture
def asked(app_engine: Engine) -> Iterator[list[str]]:
    """Each statement that the service sends to the database, in order."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(app_engine, "before_cursor_execute", note)
    yield statements
    event.remove(app_engine, "before_cursor_execute", note)


def test_referral_is_routed_in_few_statements(callers: Callers, asked: list[str]) -> None:
    """A count is the same on every machine. What one transaction has read it does not ask for again."""
    callers.hub.post("/v1/referrals", a_referral("BEFORE", victim={"ref": "V-0"}, perpetrator={"ref": "P-0"}))
    asked.clear()
    callers.hub.post("/v1/referrals", a_referral())

    assert len(asked) <= MOST_STATEMENTS
    assert sum("FROM person_link" in one for one in asked) <= MOST_READINGS_OF_LINKS
