"""Ordinary work in few calls: one call reports or reviews several actions, and says of each what came of it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.actions.schemas import MOST_AT_ONCE
from tests.actions.given_actions import agree
from tests.given import Caller, Callers, a_referral

SEEN = {"outcome": "COMPLETED", "note": "Seen alone at the office on Monday"}
AGREED = {"verdict": "ACCEPTED", "note": "Record read and found complete"}
MEDICINE = "Collect the medicine from the surgery"
OTHERS = ("Book a place at the refuge", "Change the locks at the flat", "Ring the school about who collects the child")


def report_all(caller: Caller, items: list[dict[str, Any]], key: str | None = None) -> Any:
    return caller.post("/v1/action-outcomes", {"items": items}, key=key)


def review_all(caller: Caller, items: list[dict[str, Any]]) -> Any:
    return caller.post("/v1/action-reviews", {"items": items})


def item(action: dict[str, Any], sent: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"action_id": action.get("id") or action["action_id"], "version": action["version"]} | sent | changes


def statuses(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [one["status"] for one in answer.json()["items"]]


@pytest.fixture
def case_id(callers: Callers) -> str:
    return str(callers.hub.post("/v1/referrals", a_referral()).json()["case_id"])


@pytest.fixture
def agreed(callers: Callers, case_id: str) -> list[dict[str, Any]]:
    """Three actions of the IDVA."""
    owner = {"owner_agency": "ANYTOWN-IDVA", "owner_role": "IDVA"}
    return [agree(callers, case_id, what=what, **owner) for what in OTHERS]


def test_idva_reports_the_week_in_one_call(callers: Callers, agreed: list[dict[str, Any]]) -> None:
    answer = report_all(callers.idva, [item(one, SEEN) for one in agreed])

    assert statuses(answer) == [201, 201, 201]
    assert (answer.json()["recorded"], answer.json()["refused"]) == (3, 0)
    for one, result in zip(agreed, answer.json()["items"], strict=True):
        now = callers.idva.get(f"/v1/actions/{one['id']}").json()
        assert (now["state"], now["version"]) == (result["state"], result["version"]) == ("REPORTED", 2)
        assert [said["note"] for said in now["reports"]] == [SEEN["note"]]


def test_what_is_refused_says_why_and_the_rest_is_recorded(callers: Callers, agreed: list[dict[str, Any]]) -> None:
    good, stale, _ = agreed
    unknown = {"id": "act_" + "0" * 32, "version": 1}
    again = item(good, SEEN)

    answer = report_all(callers.idva, [again, item(stale, SEEN, version=9), item(unknown, SEEN), again])

    assert statuses(answer) == [201, 412, 404, 412]
    assert (answer.json()["recorded"], answer.json()["refused"]) == (1, 3)
    recorded, old, missing, _ = answer.json()["items"]
    assert recorded["problem"] is None
    assert (old["problem"]["code"], old["problem"]["version"]) == ("precondition-failed", 1)
    assert missing["problem"]["code"] == "not-found"
    assert [callers.idva.get(f"/v1/actions/{one['id']}").json()["state"] for one in agreed] == [
        "REPORTED",
        "OPEN",
        "OPEN",
    ]


def test_another_agencys_action_reads_like_one_that_does_not_exist(
    callers: Callers, agreed: list[dict[str, Any]]
) -> None:
    unknown = {"id": "act_" + "0" * 32, "version": 1}

    foreign, missing = report_all(callers.council, [item(agreed[0], SEEN), item(unknown, SEEN)]).json()["items"]

    assert foreign["problem"]["detail"] == missing["problem"]["detail"]
    assert foreign | {"action_id": ""} == missing | {"action_id": ""}


def test_fault_is_named_by_its_place_in_the_call(callers: Callers, agreed: list[dict[str, Any]]) -> None:
    gone = {"outcome": "SUPERSEDED", "note": "Another action carries on", "superseded_by": "act_" + "1" * 32}

    answer = report_all(callers.idva, [item(agreed[0], SEEN), item(agreed[1], gone)])

    assert statuses(answer) == [201, 422]
    assert [fault["pointer"] for fault in answer.json()["items"][1]["problem"]["errors"]] == ["/items/1/superseded_by"]


def test_body_that_breaks_the_schema_records_nothing(callers: Callers, agreed: list[dict[str, Any]]) -> None:
    vague = item(agreed[1], SEEN, note="done")

    answer = report_all(callers.idva, [item(agreed[0], SEEN), vague])

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/items/1/note"]
    assert callers.idva.get(f"/v1/actions/{agreed[0]['id']}").json()["state"] == "OPEN"


@pytest.mark.parametrize("count", [0, MOST_AT_ONCE + 1])
def test_call_has_at_least_one_item_and_at_most_a_hundred(
    count: int, callers: Callers, agreed: list[dict[str, Any]]
) -> None:
    assert report_all(callers.idva, [item(agreed[0], SEEN)] * count).status_code == 422


def test_same_key_again_gives_the_same_answer_and_reports_nothing_twice(
    callers: Callers, agreed: list[dict[str, Any]]
) -> None:
    items = [item(one, SEEN) for one in agreed]

    first = report_all(callers.idva, items, key="the-week")
    again = report_all(callers.idva, items, key="the-week")

    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert report_all(callers.idva, items[:1], key="the-week").json()["code"] == "idempotency-key-reused"
    for one in agreed:
        assert len(callers.idva.get(f"/v1/actions/{one['id']}").json()["reports"]) == 1


def test_chair_reviews_what_others_reported_and_never_their_own(callers: Callers, agreed: list[dict[str, Any]]) -> None:
    first, own, third = agreed
    theirs = report_all(callers.idva, [item(first, SEEN), item(third, SEEN)]).json()["items"]
    mine = report_all(callers.chair, [item(own, SEEN)]).json()["items"][0]

    answer = review_all(
        callers.chair,
        [
            item(theirs[0], AGREED),
            item(mine, AGREED),
            item(theirs[1], {"verdict": "RETURNED", "note": "Ring once more", "due_on": "2026-03-20"}),
        ],
    )

    assert statuses(answer) == [201, 403, 201]
    assert [one["state"] for one in answer.json()["items"]] == ["REVIEWED", None, "OPEN"]
    assert callers.chair.get(f"/v1/actions/{own['id']}").json()["state"] == "REPORTED"


def test_refused_item_leaves_no_event_and_no_entry_on_the_trail(
    callers: Callers, agreed: list[dict[str, Any]], owner_engine: Engine
) -> None:
    report_all(callers.idva, [item(agreed[0], SEEN), item(agreed[1], SEEN, version=5)])

    with owner_engine.connect() as connection:
        told = connection.scalars(text("SELECT subject_id FROM event WHERE type = 'action.reported'")).all()
        acts = connection.scalars(text("SELECT subject_id FROM audit_entry WHERE route = 'reportOutcomes'")).all()
    assert told == [agreed[0]["id"]]
    assert acts == [agreed[0]["id"]]


def test_two_calls_that_name_the_same_actions_in_another_order_report_each_once(
    callers: Callers, case_id: str, agreed: list[dict[str, Any]]
) -> None:
    other = callers.hub.post("/v1/referrals", a_referral("DV-2", victim={"ref": "V-2", "age": 30})).json()["case_id"]
    elsewhere = agree(callers, other, what=MEDICINE, owner_agency="ANYTOWN-IDVA", owner_role="IDVA")
    items = [item(one, SEEN) for one in (*agreed, elsewhere)]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda some: report_all(callers.idva, some), [items, items[::-1]]))

    assert sorted(one for answer in answers for one in statuses(answer)) == [201] * 4 + [412] * 4
    for one in (*agreed, elsewhere):
        assert len(callers.idva.get(f"/v1/actions/{one['id']}").json()["reports"]) == 1


def test_partner_does_not_review(callers: Callers, agreed: list[dict[str, Any]]) -> None:
    reported = report_all(callers.idva, [item(agreed[0], SEEN)]).json()["items"][0]

    assert review_all(callers.idva, [item(reported, AGREED)]).status_code == 403


def test_duty_that_only_a_fact_ends_is_refused_and_the_rest_is_recorded(callers: Callers) -> None:
    body = callers.hub.post(
        "/v1/referrals", a_referral(assessment={"tool": "DASH24", "ticks": 15, "officer_grade": "HIGH"})
    ).json()
    mine = callers.hub.get("/v1/actions", case_id=body["case_id"], owner_agency="ANYTOWN-POLICE").json()["items"]
    alone = next(one for one in mine if one["duty"].startswith("D33"))
    other = next(one for one in mine if one["state"] == "OPEN" and one["duty"] and one is not alone)

    answer = report_all(callers.hub, [item(alone, SEEN), item(other, SEEN)])

    assert statuses(answer) == [409, 201]
