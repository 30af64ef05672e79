"""An action names the others of its case that may be the same thing.

Review 14.2.8: a second disclosure request, "completed" as superfluous.
"""

from typing import Any

from app.actions.wording.similar import may_be_the_same
from tests.actions.given_actions import agree, if_match
from tests.given import Callers, a_serial_perpetrator, in_full


class Said:
    """An action as far as the comparison reads it."""

    def __init__(self, what: str, duty: str | None = None) -> None:
        self.id, self.what, self.duty = "act_1", what, duty


def test_clares_law_application_names_the_disclosure_request_already_under_way(callers: Callers) -> None:
    sent = a_serial_perpetrator(disclosure={"applied_on": "2026-03-09"})
    body = in_full(callers.coordinator, callers.hub.post("/v1/referrals", sent).json())
    open_requests = {action["id"] for action in body["actions"] if action["duty"] == "D28"}

    agreed = agree(callers, body["case_id"], what="Make a Clare's Law application for the new partner")

    assert open_requests
    assert open_requests <= set(agreed["possible_duplicates"])


def test_visit_agreed_in_other_words_names_the_first_one(routed: dict[str, Any], callers: Callers) -> None:
    first = agree(callers, routed["case_id"])

    second = agree(callers, routed["case_id"], what="Arrange joint visits with the IDVA and the police")

    assert second["possible_duplicates"] == [first["id"]]


def test_finished_action_still_counts_while_it_is_recent(routed: dict[str, Any], callers: Callers) -> None:
    first = agree(callers, routed["case_id"])
    done = {"outcome": "COMPLETED", "note": "Seen alone at the office on Monday"}
    reported = callers.hub.post(f"/v1/actions/{first['id']}/outcomes", done, **if_match(first)).json()
    callers.chair.post(
        f"/v1/actions/{first['id']}/reviews", {"verdict": "ACCEPTED", "note": "Read"}, **if_match(reported)
    ).raise_for_status()

    second = agree(callers, routed["case_id"])

    assert second["possible_duplicates"] == [first["id"]]


def test_different_work_is_not_called_a_duplicate(routed: dict[str, Any], callers: Callers) -> None:
    agree(callers, routed["case_id"])

    other = agree(callers, routed["case_id"], what="Fit a stronger front door before the weekend")

    assert other["possible_duplicates"] == []


def test_two_duties_that_the_policy_tells_apart_are_never_duplicates() -> None:
    assert not may_be_the_same(Said("Decide the disclosure", "D28"), Said("Decide the disclosure", "D29"))
    assert may_be_the_same(Said("Decide the disclosure", "D28"), Said("Decide it", "D28"))


def test_right_to_know_and_disclosure_scheme_are_one_thing_in_two_names() -> None:
    assert may_be_the_same(Said("Start a right to know for Ms B"), Said("Send the DVDS form to police"))
