"""Repeating a failed action requires a reason, also outside a meeting (SafeLives near-miss reviews)."""

from typing import Any

from tests.actions.given_actions import agree, an_agreed_action, if_match
from tests.given import Callers

NOT_DONE = {"outcome": "NOT_DONE", "note": "The visit was called off twice and never made"}
REASON = "The IDVA now leads the visit and has agreed the day with the victim"


def failed(callers: Callers, case_id: str) -> dict[str, Any]:
    """A visit that was agreed and not made."""
    action = agree(callers, case_id)
    callers.hub.post(f"/v1/actions/{action['id']}/outcomes", NOT_DONE, **if_match(action)).raise_for_status()
    return action


def set_again(callers: Callers, case_id: str, **changes: Any) -> Any:
    return callers.chair.post(f"/v1/cases/{case_id}/actions", an_agreed_action(**changes))


def test_action_that_failed_is_not_set_again_for_the_case_without_a_reason(
    routed: dict[str, Any], callers: Callers
) -> None:
    before = failed(callers, routed["case_id"])

    answer = set_again(callers, routed["case_id"], due_on="2026-03-24")

    assert (answer.status_code, answer.json()["code"]) == (409, "failed-before")
    assert answer.json()["failed_action"]["action_id"] == before["id"]


def test_action_that_failed_is_set_again_for_the_case_with_its_reason_on_record(
    routed: dict[str, Any], callers: Callers
) -> None:
    before = failed(callers, routed["case_id"])

    answer = set_again(callers, routed["case_id"], due_on="2026-03-24", reuse_reason=REASON)

    assert answer.status_code == 201, answer.text
    (change,) = answer.json()["changes"]
    assert (change["what"], change["was"], change["reason"]) == ("tried again", before["id"], REASON)


def test_reason_for_trying_again_is_refused_where_nothing_alike_has_failed(
    routed: dict[str, Any], callers: Callers
) -> None:
    agree(callers, routed["case_id"])

    answer = set_again(callers, routed["case_id"], reuse_reason=REASON)

    assert answer.status_code == 422


def test_action_like_one_that_is_under_way_is_set_and_named_as_a_possible_duplicate(
    routed: dict[str, Any], callers: Callers
) -> None:
    before = agree(callers, routed["case_id"])

    answer = set_again(callers, routed["case_id"], due_on="2026-03-24")

    assert answer.status_code == 201, answer.text
    assert before["id"] in answer.json()["possible_duplicates"]
