"""A duty about a person is owed once, in however many cases that person is.

Source: design note on proportion, section 4; report 32: one victim, three perpetrators, one child.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from app.access.service import add_client
from app.foundation.clock import SettableClock
from app.foundation.storage.database import make_sessions
from tests.actions.given_actions import if_match
from tests.given import Caller, Callers, a_referral

Body = dict[str, Any]
PERPETRATORS = ("P-1", "P-2", "P-3")
CHILD = {"ref": "C-1", "age": 7, "in_household": True, "setting": "SCHOOL-1", "setting_kind": "SCHOOL"}


def refer(callers: Callers, ref: str, **changes: Any) -> Body:
    sent = {
        "victim": {"ref": "V-1", "age": 34},
        "perpetrator": {"ref": ref, "age": 41},
        "children": [CHILD],
        **changes,
    }
    answer = callers.hub.post("/v1/referrals", a_referral(f"HUB-{ref}-{len(changes)}", **sent))
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def duties(caller: Caller, **query: Any) -> list[Body]:
    items: list[Body] = caller.get("/v1/actions", limit=200, **query).json()["items"]
    return items


@pytest.fixture
def three_cases(callers: Callers) -> list[Body]:
    return [refer(callers, ref) for ref in PERPETRATORS]


def test_what_is_owed_about_the_victim_and_the_child_is_owed_once_for_three_cases(
    three_cases: list[Body], callers: Callers
) -> None:
    asked = Counter(one["duty"] for one in duties(callers.coordinator))

    assert {asked[duty] for duty in ("D06", "D07", "D08", "D09", "D25.school")} == {1}
    assert (asked["D31"], asked["D36"]) == (3, 3)


def test_action_that_serves_three_cases_is_on_the_list_of_each(three_cases: list[Body], callers: Callers) -> None:
    reach = [
        one["id"]
        for body in three_cases
        for one in duties(callers.coordinator, case_id=body["case_id"])
        if one["duty"] == "D06"
    ]

    assert len(reach) == 3
    assert len(set(reach)) == 1


def test_agency_that_only_knows_of_an_action_has_no_part_in_the_further_case(
    callers: Callers, app_engine: Engine, clock: SettableClock
) -> None:
    with make_sessions(app_engine).begin() as session:
        made = add_client(
            session, name="Council", agency="ANYTOWN-COUNCIL", role="hub.referrer", areas=["ANYTOWN"], now=clock.now()
        )
    council = Caller(callers.hub.client, made[1])
    sent = {"victim": {"ref": "V-1", "age": 34}, "perpetrator": {"ref": "P-1", "age": 41}, "children": [CHILD]}
    council.post("/v1/referrals", a_referral("COUNCIL-1", **sent)).raise_for_status()

    second = refer(callers, "P-2")

    shared = [one["duty"] for one in duties(callers.coordinator, case_id=second["case_id"])]
    assert "D06" in shared
    assert duties(council, case_id=second["case_id"]) == []
    assert council.get(f"/v1/cases/{second['case_id']}").status_code == 404


def test_earlier_deadline_and_the_danger_of_a_later_case_become_those_of_the_one_action(
    callers: Callers, clock: SettableClock
) -> None:
    refer(callers, "P-1", assessment={"tool": "DASH24", "ticks": 9, "unanswered": 0, "officer_grade": "MEDIUM"})
    plan = next(one for one in duties(callers.coordinator) if one["duty"] == "D08")
    clock.set(clock.now() + timedelta(hours=1))

    refer(callers, "P-2")

    (now,) = (one for one in duties(callers.coordinator) if one["duty"] == "D08")
    assert now["id"] == plan["id"]
    assert now["due_at"] <= plan["due_at"]
    assert (plan["life_safety"], now["life_safety"]) == (False, True)


def test_what_one_case_owes_no_longer_goes_on_while_another_owes_it(callers: Callers) -> None:
    first, second = refer(callers, "P-1"), refer(callers, "P-2")
    lists = {one["id"] for one in duties(callers.coordinator, case_id=first["case_id"]) if one["duty"] == "D25.school"}
    at_home = {"children": [CHILD | {"setting_kind": "HOME", "home_educated": True, "setting": None}]}

    answer = callers.hub.post(f"/v1/referrals/{second['referral_id']}/facts", at_home)

    assert answer.status_code == 201, answer.text
    of_first = {
        one["id"] for one in duties(callers.coordinator, case_id=first["case_id"]) if one["duty"] == "D25.school"
    }
    of_second = [one for one in duties(callers.coordinator, case_id=second["case_id"]) if one["duty"] == "D25.school"]
    assert of_first == lists
    assert of_second == []


def test_other_words_for_another_child_are_another_action(callers: Callers) -> None:
    refer(callers, "P-1")
    refer(callers, "P-2", children=[CHILD, CHILD | {"ref": "C-2", "setting": "SCHOOL-2"}])

    notices = [one["what"] for one in duties(callers.coordinator) if one["duty"] == "D25.school"]

    assert len(notices) == 2
    assert any("SCHOOL-2" in what for what in notices)


def test_what_is_done_in_one_case_is_done_in_all(
    three_cases: list[Body], callers: Callers, clock: SettableClock
) -> None:
    clock.set(clock.now() + timedelta(hours=1))
    (plan,) = (one for one in duties(callers.coordinator) if one["duty"] == "D08")
    done = {"outcome": "COMPLETED", "note": "The plan was made with the victim this morning"}
    callers.hub.post(f"/v1/actions/{plan['id']}/outcomes", done, **if_match(plan)).raise_for_status()

    for body in three_cases:
        callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"ongoing_event": False}).raise_for_status()

    assert [one["state"] for one in duties(callers.coordinator) if one["duty"] == "D08"] == ["REPORTED"]


def test_chair_answers_the_emergency_question_once_for_the_victim(three_cases: list[Body], callers: Callers) -> None:
    wait = {"answer": "DO_NOT_HOLD", "reason": "The victim is in refuge and the interim plan holds"}

    callers.chair.post(f"/v1/cases/{three_cases[1]['case_id']}/emergency-decisions", wait).raise_for_status()

    assert [one for one in duties(callers.coordinator) if one["duty"] == "D07"] == []
