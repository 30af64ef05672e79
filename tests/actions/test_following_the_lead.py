"""The perpetrator's open actions move to the new lead when it accepts, and not before."""

from typing import Any

from tests.actions.given_actions import agree
from tests.given import Callers
from tests.ownership.test_handshake import need_of, proposal_to

ABOUT_PERPETRATOR = {
    "what": "Visit the perpetrator at the bail address every week",
    "done_when": "Each week's visit is recorded with what was found",
    "about": "PERPETRATOR",
    "forums": ["MARAC"],
}


def accept(callers: Callers, routed: dict[str, Any]) -> None:
    proposal = proposal_to(need_of(routed), "MAPPA_L1_LEAD_AGENCY")
    callers.probation.post(f"/v1/proposals/{proposal['id']}/acceptances", {}).raise_for_status()


def read(callers: Callers, action: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = callers.chair.get(f"/v1/actions/{action['id']}").json()
    return body


def test_perpetrators_actions_stay_where_they_are_while_a_lead_is_only_asked(
    routed: dict[str, Any], callers: Callers
) -> None:
    action = agree(callers, routed["case_id"], **ABOUT_PERPETRATOR)

    said = {"code": "CAPACITY", "reason": "No capacity before the next cycle of the panel"}
    proposal = proposal_to(need_of(routed), "MAPPA_L2")
    callers.mappa.post(f"/v1/proposals/{proposal['id']}/declines", said).raise_for_status()

    assert read(callers, action)["changes"] == []


def test_perpetrators_actions_follow_the_lead_that_accepted_with_the_change_on_record(
    routed: dict[str, Any], callers: Callers
) -> None:
    action = agree(callers, routed["case_id"], **ABOUT_PERPETRATOR)

    accept(callers, routed)

    moved = read(callers, action)
    assert (moved["owner_agency"], moved["owner_role"], moved["forums"]) == (
        "ANYTOWN-PROBATION",
        "SUPERVISING_PRACTITIONER",
        ["MAPPA_L1_LEAD_AGENCY"],
    )
    assert {change["what"] for change in moved["changes"]} == {"lead", "owner"}
    assert moved["due_on"] == action["due_on"]


def test_action_of_another_agency_keeps_its_owner_under_the_new_lead(routed: dict[str, Any], callers: Callers) -> None:
    action = agree(
        callers, routed["case_id"], **ABOUT_PERPETRATOR, owner_agency="ANYTOWN-COUNCIL", owner_role="HOUSING"
    )

    accept(callers, routed)

    moved = read(callers, action)
    assert (moved["owner_agency"], moved["forums"]) == ("ANYTOWN-COUNCIL", ["MAPPA_L1_LEAD_AGENCY"])


def test_victims_actions_do_not_follow_the_perpetrators_lead(routed: dict[str, Any], callers: Callers) -> None:
    action = agree(callers, routed["case_id"], about="VICTIM_SAFETY")

    accept(callers, routed)

    assert read(callers, action)["changes"] == []


def test_duty_about_the_perpetrator_is_tracked_by_the_new_lead_and_stays_with_its_own_post(
    routed: dict[str, Any], callers: Callers
) -> None:
    review = next(one for one in routed["actions"] if one["duty"] == "D17.review")

    accept(callers, routed)

    moved = read(callers, review)
    assert (review["about"], moved["owner_role"]) == ("PERPETRATOR", review["owner_role"])
    assert "MAPPA_L1_LEAD_AGENCY" in moved["forums"]
    assert "MARAC" not in moved["forums"]


def test_duty_about_the_victim_does_not_follow_the_perpetrators_lead(routed: dict[str, Any], callers: Callers) -> None:
    (plan,) = (one for one in routed["actions"] if one["duty"] == "D08")

    accept(callers, routed)

    assert (plan["about"], read(callers, plan)["forums"]) == ("VICTIM_SAFETY", plan["forums"])
