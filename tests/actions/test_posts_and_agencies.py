"""Agency and post are compared: an agency that does not fill a post is not given its work."""

from typing import Any

import pytest

from app.vocabulary import Role
from tests.actions.given_actions import an_agreed_action, if_match
from tests.given import Callers, a_referral


@pytest.fixture
def case_id(callers: Callers) -> str:
    return str(callers.hub.post("/v1/referrals", a_referral()).json()["case_id"])


def agreed(callers: Callers, case_id: str, **changes: Any) -> Any:
    return callers.chair.post(f"/v1/cases/{case_id}/actions", an_agreed_action(**changes))


def test_agency_that_does_not_fill_a_post_is_refused_and_the_one_that_does_is_named(
    callers: Callers, case_id: str
) -> None:
    answer = agreed(callers, case_id, owner_agency="ANYTOWN-IDVA", owner_role="MAPPA_COORDINATOR")

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "/owner_role"
    assert "ANYTOWN-MAPPA fills MAPPA_COORDINATOR" in str(fault)


@pytest.mark.parametrize(
    "role",
    ["MENTAL_HEALTH", "SUBSTANCE_MISUSE", "EDUCATION", "HOUSING", "PRIMARY_CARE", "SECONDARY_CARE", "OTHER"],
)
def test_action_is_given_to_any_post_of_the_field(role: str, callers: Callers, case_id: str) -> None:
    answer = agreed(callers, case_id, owner_agency="ANYTOWN-COUNCIL", owner_role=role)

    assert answer.status_code == 201, answer.text
    assert answer.json()["owner_role"] == role


def test_post_that_nobody_fills_is_accepted(callers: Callers, case_id: str) -> None:
    answer = agreed(callers, case_id, owner_agency="ANYTOWN-COUNCIL", owner_role="DESIGNATED_OFFICER")

    assert answer.status_code == 201, answer.text


def test_reassignment_compares_agency_and_post_too(callers: Callers, case_id: str) -> None:
    action = agreed(callers, case_id).json()
    sent = {"owner_agency": "ANYTOWN-IDVA", "owner_role": "PVP_HUB", "reason": "The IDVA knows the victim well"}

    answer = callers.chair.post(f"/v1/actions/{action['id']}/reassignments", sent, **if_match(action))

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/owner_role"]


def test_approach_is_of_an_action_aimed_at_the_perpetrator_and_of_no_other(callers: Callers, case_id: str) -> None:
    about = {"about": "PERPETRATOR"}

    kept = agreed(callers, case_id, **about, approach="DISRUPT")
    of_nobody = agreed(callers, case_id, approach="DISRUPT")
    of_victim = agreed(callers, case_id, about="VICTIM_SAFETY", approach="DISRUPT")

    assert (kept.status_code, kept.json()["approach"]) == (201, "DISRUPT")
    assert [one.json()["errors"][0]["pointer"] for one in (of_nobody, of_victim)] == ["/approach", "/approach"]


def test_every_role_has_a_word_that_a_post_can_be_filled_with() -> None:
    fields = "MENTAL_HEALTH SUBSTANCE_MISUSE EDUCATION HOUSING PRIMARY_CARE SECONDARY_CARE OTHER DESIGNATED_OFFICER"

    assert set(fields.split()) <= set(Role)
