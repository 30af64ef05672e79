"""Whoever acts for people names an account, and a second person is another account."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.foundation.clock import SettableClock
from tests.accounts.given_accounts import REASON, added, suspend
from tests.actions.given_actions import agree
from tests.given import Caller, Callers, a_referral

DONE = {"outcome": "COMPLETED", "note": "Seen alone at the office on Monday"}
ACCEPTED = {"verdict": "ACCEPTED", "note": "Record read and found complete"}


@pytest.fixture
def action(callers: Callers) -> dict[str, Any]:
    case = callers.hub.post("/v1/referrals", a_referral()).json()["case_id"]
    return agree(callers, case, owner_agency="ANYTOWN-MARAC", owner_role="MARAC_COORDINATOR")


def reported(caller: Caller, action: dict[str, Any], **named: str) -> None:
    path = f"/v1/actions/{action['id']}/outcomes"
    caller.post(path, DONE, **{"If-Match": '"1"'}, **named).raise_for_status()


def review(caller: Caller, action: dict[str, Any], version: int = 2, **named: str) -> int:
    path = f"/v1/actions/{action['id']}/reviews"
    return int(caller.post(path, ACCEPTED, **{"If-Match": f'"{version}"'}, **named).status_code)


def reviews_asked(caller: Caller, **named: str) -> list[str]:
    headers = caller._headers() | named
    items = caller.client.get("/v1/inbox", params={"kind": "REVIEW"}, headers=headers).json()["items"]
    return [one["subject_id"] for one in items]


def test_two_systems_of_an_agency_that_name_nobody_are_one_person(callers: Callers, action: dict[str, Any]) -> None:
    reported(callers.coordinator, action)

    assert review(callers.chair, action) == 403


def test_system_that_names_nobody_may_have_been_used_by_the_named_person_who_reviews(
    callers: Callers, action: dict[str, Any]
) -> None:
    reported(callers.coordinator, action)
    path, chair = f"/v1/actions/{action['id']}/reviews", callers.chair

    refused = chair.post(path, ACCEPTED, **{"If-Match": '"2"'}, **chair.on_behalf_of("marac.chair"))

    assert refused.status_code == 403
    assert "a named person of yours reports it anew" in refused.json()["detail"]


def test_report_of_the_reviewing_agencys_own_system_is_answered_for_by_a_named_person_and_reviewed_by_another(
    callers: Callers, action: dict[str, Any], clock: SettableClock
) -> None:
    reported(callers.coordinator, action)
    clock.set(clock.now() + timedelta(minutes=1))
    path, of_jo = f"/v1/actions/{action['id']}/outcomes", callers.coordinator.on_behalf_of("jo.smith")

    waits_for = [reviews_asked(callers.chair, **named) for named in ({}, of_jo)]
    anew = callers.coordinator.post(path, DONE, **{"If-Match": '"2"'}, **of_jo)
    again = callers.coordinator.post(path, DONE, **{"If-Match": '"3"'}, **of_jo)

    assert waits_for == [[], [action["id"]]]
    assert (anew.status_code, again.status_code) == (201, 409)
    assert review(callers.chair, action, version=3, **callers.chair.on_behalf_of("jo.smith")) == 403
    assert review(callers.chair, action, version=3, **callers.chair.on_behalf_of("marac.chair")) == 201


def test_report_of_another_agencys_system_is_reviewed_by_a_system(callers: Callers) -> None:
    case = callers.hub.post("/v1/referrals", a_referral()).json()["case_id"]
    action = agree(callers, case, owner_agency="ANYTOWN-POLICE", owner_role="PVP_HUB")
    reported(callers.hub, action)

    assert review(callers.coordinator, action) == 201


def test_one_person_through_two_systems_is_one_person(callers: Callers, action: dict[str, Any]) -> None:
    reported(callers.coordinator, action, **callers.coordinator.on_behalf_of("jo.smith"))

    assert review(callers.chair, action, **callers.chair.on_behalf_of("JO.SMITH")) == 403


def test_person_who_was_moved_to_another_team_is_the_same_person(
    callers: Callers, administrator: Caller, action: dict[str, Any]
) -> None:
    account = added(administrator)
    reported(callers.coordinator, action, **callers.coordinator.on_behalf_of("ann.lee"))
    to = {"team": "Chair's office", "post": "MARAC_CHAIR", "areas": ["ANYTOWN"], **REASON}
    administrator.post(f"/v1/accounts/{account['id']}/placements", to).raise_for_status()

    assert review(callers.chair, action, **callers.chair.on_behalf_of("ann.lee")) == 403


def test_people_of_one_name_in_two_agencies_are_two_people(callers: Callers, action: dict[str, Any]) -> None:
    action = agree(callers, action["case_id"], what="Visit together with the IDVA")
    reported(callers.hub, action, **callers.hub.on_behalf_of("jo.smith"))

    assert review(callers.chair, action, **callers.chair.on_behalf_of("jo.smith")) == 201


@pytest.fixture
def named_by(callers: Callers) -> Any:
    """Answers what the co-ordinator's system gets when it names this person, without what differs by request."""

    def ask(person: str) -> dict[str, Any]:
        headers = callers.coordinator._headers() | {"X-On-Behalf-Of": person}
        answer = callers.coordinator.client.get("/v1/actions", headers=headers)
        return {"status": answer.status_code} | {n: v for n, v in answer.json().items() if n != "trace_id"}

    return ask


def test_unknown_suspended_and_other_agencys_people_are_refused_in_the_same_words(
    named_by: Any, administrator: Caller
) -> None:
    suspend(administrator, added(administrator))

    unknown, suspended, of_the_police = (named_by(name) for name in ("nobody.here", "ann.lee", "pvp.hub"))

    assert unknown["status"] == 403
    assert unknown["code"] == "not-in-directory"
    assert unknown == suspended == of_the_police


def test_name_with_another_mark_is_no_second_name_of_the_same_person(named_by: Any) -> None:
    assert named_by("jo.smith")["status"] == 200
    assert [named_by(name)["status"] for name in ("jo.smith.", "-", "jo smith")] == [403, 403, 403]


def test_client_that_may_not_speak_for_people_is_refused_whoever_it_names(
    http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    hub = {"name": "A feed", "agency": "ANYTOWN-POLICE", "role": "hub.referrer", "areas": ["ANYTOWN"]}
    with sessions.begin() as session:
        _, key = add_client(session, **hub, now=clock.now())
    feed = Caller(http, key)

    answers = [feed.post("/v1/referrals", a_referral(), **feed.on_behalf_of(name)) for name in ("jo.smith", "nobody")]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "may-not-speak-for-people")] * 2
    assert feed.post("/v1/referrals", a_referral()).status_code == 201


def test_audit_holds_the_name_as_the_directory_has_it(named_by: Any, owner_engine: Engine) -> None:
    named_by("  Jo.SMITH ")

    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT on_behalf_of FROM audit_entry")) == "jo.smith"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cover_account": "nobody.here"}, "/cover_account"),
        ({"owner_account": "housing"}, "/owner_account"),
        ({"cover_account": "JO.SMITH"}, "/cover_account"),
    ],
    ids=["unknown", "of another agency", "covers for themselves"],
)
def test_cover_names_two_people_of_the_directory(changes: dict[str, str], field: str, callers: Callers) -> None:
    away = {
        "area": "ANYTOWN",
        "owner_agency": "ANYTOWN-POLICE",
        "owner_role": "PVP_HUB",
        "owner_account": "jo.smith",
        "away_from": "2026-03-10",
        "away_until": "2026-03-20",
        "cover_agency": "ANYTOWN-POLICE",
        "cover_role": "POLICE_SUPERVISOR",
        "cover_account": "Sam.Reid",
        "reason": "On leave; named at the handover meeting",
    }

    refused = callers.hub.post("/v1/covers", away | changes)
    taken = callers.hub.post("/v1/covers", away)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, field)
    assert taken.status_code == 201, taken.text
    assert (taken.json()["owner_account"], taken.json()["cover_account"]) == (
        "ANYTOWN-POLICE/jo.smith",
        "ANYTOWN-POLICE/sam.reid",
    )


def test_call_that_names_two_people_is_refused(callers: Callers) -> None:
    key = callers.hub._headers()["Authorization"]
    two = [("Authorization", key), ("X-On-Behalf-Of", "jo.smith"), ("X-On-Behalf-Of", "sam.reid")]

    answer = callers.hub.client.get("/v1/inbox", headers=two)

    assert (answer.status_code, answer.json()["detail"]) == (400, "send X-On-Behalf-Of once")
