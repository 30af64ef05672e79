"""A duty that comes back while it is owed anew is open once, whichever comes first."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.actions.given_actions import agree, if_match
from tests.given import Callers, an_incident

MADE = {"outcome": "COMPLETED", "note": "The plan is made and the victim knows it by heart"}
RETURNED = {"verdict": "RETURNED", "note": "The plan does not name a place to go", "due_on": "2026-03-12"}


def plans(callers: Callers, case_id: str) -> list[dict[str, Any]]:
    """The open duties to make an interim safety plan."""
    items = callers.chair.get("/v1/actions", case_id=case_id, state="OPEN", limit=200).json()["items"]
    return [one for one in items if one["duty"] == "D08"]


def test_plan_that_is_returned_while_a_new_event_asks_for_it_anew_is_open_once(
    routed: dict[str, Any], callers: Callers
) -> None:
    (plan,) = plans(callers, routed["case_id"])
    path = f"/v1/actions/{plan['id']}"
    reported = callers.hub.post(f"{path}/outcomes", MADE, **if_match(plan)).json()
    incident = {"incident": an_incident("2026-03-10T08:00:00Z")}

    with ThreadPoolExecutor(2) as pool:
        event = f"/v1/referrals/{routed['referral_id']}/incidents"
        anew = pool.submit(callers.hub.post, event, incident)
        back = pool.submit(callers.chair.post, f"{path}/reviews", RETURNED, **if_match(reported))

    assert anew.result().status_code == 201
    assert back.result().status_code in {201, 409}
    assert len(plans(callers, routed["case_id"])) == 1


def test_declined_duty_that_is_opened_again_ends_once_the_later_one_is_done(
    routed: dict[str, Any], callers: Callers
) -> None:
    declined = decline(callers, routed)
    anew = opened_again(callers, routed)
    assert state(callers, declined) == "RETURNED"

    reported = callers.hub.post(f"/v1/actions/{anew['id']}/outcomes", MADE, **if_match(anew)).json()
    accepted = {"verdict": "ACCEPTED", "note": "The plan names a place to go"}
    callers.chair.post(f"/v1/actions/{anew['id']}/reviews", accepted, **if_match(reported)).raise_for_status()

    ended = callers.chair.get(f"/v1/actions/{declined['id']}").json()
    assert (ended["state"], ended["outcome"]) == ("ENDED", "DONE_ON_RECORD")
    assert "is done" in ended["changes"][-1]["reason"]


def test_declined_duty_stays_with_the_chair_while_the_later_one_is_not_done(
    routed: dict[str, Any], callers: Callers
) -> None:
    declined = decline(callers, routed)
    anew = opened_again(callers, routed)

    failed = {"outcome": "NOT_DONE", "note": "Nobody answered the door"}
    reported = callers.hub.post(f"/v1/actions/{anew['id']}/outcomes", failed, **if_match(anew)).json()
    accepted = {"verdict": "ACCEPTED", "note": "It was tried"}
    callers.chair.post(f"/v1/actions/{anew['id']}/reviews", accepted, **if_match(reported)).raise_for_status()

    assert state(callers, declined) == "RETURNED"


def test_report_that_is_not_good_enough_gives_way_to_the_same_duty_opened_again(
    routed: dict[str, Any], callers: Callers
) -> None:
    (plan,) = plans(callers, routed["case_id"])
    reported = callers.hub.post(f"/v1/actions/{plan['id']}/outcomes", MADE, **if_match(plan)).json()
    anew = opened_again(callers, routed)
    refused = callers.chair.post(f"/v1/actions/{plan['id']}/reviews", RETURNED, **if_match(reported))

    gives_way = {
        "outcome": "SUPERSEDED",
        "note": "The later plan says it all",
        "superseded_by": refused.json()["superseded_by"],
    }
    answer = callers.hub.post(f"/v1/actions/{plan['id']}/outcomes", gives_way, **if_match(reported))
    accepted = {"verdict": "ACCEPTED", "note": "The later plan carries on"}
    reviewed = callers.chair.post(f"/v1/actions/{plan['id']}/reviews", accepted, **if_match(answer.json()))

    assert (refused.status_code, answer.status_code, reviewed.status_code) == (409, 201, 201)
    assert (reviewed.json()["outcome"], state(callers, anew)) == ("SUPERSEDED", "OPEN")


def test_reported_action_gives_way_to_nothing_but_the_same_duty(routed: dict[str, Any], callers: Callers) -> None:
    (plan,) = plans(callers, routed["case_id"])
    other = agree(callers, routed["case_id"])
    reported = callers.hub.post(f"/v1/actions/{plan['id']}/outcomes", MADE, **if_match(plan)).json()
    gives_way = {"outcome": "SUPERSEDED", "note": "The later plan says it all", "superseded_by": other["id"]}

    answer = callers.hub.post(f"/v1/actions/{plan['id']}/outcomes", gives_way, **if_match(reported))

    assert answer.status_code == 409


def decline(callers: Callers, routed: dict[str, Any]) -> dict[str, Any]:
    """The case's interim safety plan, which came back declined."""
    (plan,) = plans(callers, routed["case_id"])
    declined = {"outcome": "DECLINED_BY_RECIPIENT", "note": "They said that it is not for them"}
    callers.hub.post(f"/v1/actions/{plan['id']}/outcomes", declined, **if_match(plan)).raise_for_status()
    return plan


def opened_again(callers: Callers, routed: dict[str, Any]) -> dict[str, Any]:
    """The same duty, which a new event opened again."""
    event = {"incident": an_incident("2026-03-10T08:00:00Z")}
    callers.hub.post(f"/v1/referrals/{routed['referral_id']}/incidents", event).raise_for_status()
    (anew,) = plans(callers, routed["case_id"])
    return anew


def state(callers: Callers, action: dict[str, Any]) -> str:
    return str(callers.chair.get(f"/v1/actions/{action['id']}").json()["state"])
