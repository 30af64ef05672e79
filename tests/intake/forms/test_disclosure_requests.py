"""A request under the disclosure scheme: its steps in order, its clock from the application, its content never held."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.foundation.clock import london_date
from tests.given import Caller, Callers, a_referral, in_full, not_high_risk

ASKED = {"route": "RIGHT_TO_ASK", "applied_on": "2026-03-02"}


def a_request(**changes: Any) -> dict[str, Any]:
    return a_referral(assessment=not_high_risk(), disclosure=ASKED | changes)


def faults(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [fault["pointer"] for fault in answer.json()["errors"]]


def due(callers: Callers, body: dict[str, Any]) -> dict[str, str]:
    """The day by which each step of the request is owed: as an action, or as a question to the team."""
    actions = in_full(callers.coordinator, body)["actions"]
    owed = {one["duty"]: one["due_on"] for one in actions}
    owed |= {one["fact"]: last_day(one["until"]) for one in questions(callers, body)}
    return {duty: day for duty, day in owed.items() if (duty or "").startswith("D28")}


def questions(callers: Callers, body: dict[str, Any]) -> list[dict[str, Any]]:
    enquiries = callers.coordinator.get("/v1/enquiries", case_id=body["case_id"]).json()["items"]
    return [item for one in enquiries for item in one["items"] if item["ended"] is None]


def last_day(until: str) -> str:
    """The London day that ends at this instant."""
    return london_date(datetime.fromisoformat(until) - timedelta(seconds=1)).isoformat()


def learned(caller: Caller, body: dict[str, Any], **disclosure: Any) -> Any:
    return caller.post(f"/v1/referrals/{body['referral_id']}/facts", {"disclosure": disclosure})


@pytest.mark.parametrize("name", ["content", "disclosed", "information", "convictions_disclosed"])
def test_what_is_disclosed_is_refused_by_name(name: str, callers: Callers) -> None:
    assert faults(callers.hub.post("/v1/referrals", a_request(**{name: "Two convictions"}))) == [f"/disclosure/{name}"]


def test_each_step_is_due_from_the_application(callers: Callers) -> None:
    """On 10 March the check of 3 March is late and due today; the meeting has until 16 March, the decision 30 March."""
    body = callers.hub.post("/v1/referrals", a_request()).json()

    assert due(callers, body) == {"D28c": "2026-03-10", "D28m": "2026-03-16", "D28": "2026-03-30"}


def test_request_that_is_told_later_runs_from_its_own_day_too(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_referral(assessment=not_high_risk())).json()

    learned(callers.hub, body, **ASKED).raise_for_status()

    assert due(callers, body)["D28"] == "2026-03-30"


def owed(callers: Callers, **disclosure: Any) -> set[str]:
    person = {"ref": "P-1", "age": 41, "new_relationship": True}
    sent = a_request(**disclosure) | {"perpetrator": person, "joint_visit_agreed": True}
    body = callers.hub.post("/v1/referrals", sent).json()
    return {
        one["duty"] for one in in_full(callers.coordinator, body)["actions"] if one["duty"][:3] in {"D27", "D28", "D29"}
    }


def test_whoever_was_told_was_told_of_a_disclosure_though_the_outcome_is_left_out(callers: Callers) -> None:
    assert owed(callers, decided_on="2026-03-05", told_on="2026-03-06") == set()


def test_day_of_the_decision_without_its_outcome_leaves_the_request_open(callers: Callers) -> None:
    assert owed(callers, decided_on="2026-03-05") == {"D28", "D29"}


def test_request_out_of_scope_is_not_made_again(callers: Callers) -> None:
    assert owed(callers, decided_on="2026-03-05", outcome="OUT_OF_SCOPE") == {"D29"}


def test_steps_that_two_agencies_state_out_of_order_are_kept_and_decided(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_request(checked_on="2026-03-03")).json()

    answer = learned(callers.coordinator, body, met_on="2026-03-01")

    assert answer.status_code in {200, 201}, answer.text


def test_marac_history_that_two_agencies_tell_differently_is_kept_and_decided(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_referral(marac_history={"heard": False})).json()
    path = f"/v1/referrals/{body['referral_id']}/facts"

    answer = callers.coordinator.post(path, {"marac_history": {"last_heard_on": "2025-11-01"}})

    assert answer.status_code in {200, 201}, answer.text


def test_right_to_know_that_begins_after_a_decision_is_a_request_of_its_own(callers: Callers) -> None:
    """New facts begin the right to know anew: 28 days from what began it."""
    body = callers.hub.post("/v1/referrals", a_request(decided_on="2026-03-03", outcome="NOT_DISCLOSED")).json()
    assert due(callers, body) == {}

    learned(callers.hub, body, route="RIGHT_TO_KNOW", applied_on="2026-03-09").raise_for_status()

    assert due(callers, body)["D28"] == "2026-04-06"


def test_number_of_the_request_stands_in_the_work_and_nothing_of_its_content(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_request(reference="DVDS-26-17")).json()

    (check,) = [one for one in questions(callers, body) if one["fact"] == "D28c"]

    assert check["ask"].endswith("(right to ask; request DVDS-26-17)")
