"""A duty that is returned and owed anew at the same time is open once, whichever comes first."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.actions.given_actions import if_match
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
