"""A report alone does not end a duty to see the victim alone (review 14.1.16)."""

from typing import Any

from tests.given import Callers, a_referral

UNSEEN = {
    "tool": "DASH24",
    "ticks": 15,
    "unanswered": 0,
    "officer_grade": "HIGH",
    "seen": False,
    "seen_alone": False,
}
DONE = {"outcome": "COMPLETED", "note": "Spoken to by telephone today"}


def duty_to_see_victim(callers: Callers, case_id: str) -> Any:
    listed = callers.hub.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    duty = next(action for action in listed if action["duty"] == "D33")
    return callers.hub.get(f"/v1/actions/{duty['id']}")


def test_duty_to_see_the_victim_alone_is_not_done_by_a_telephone_call(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_referral(assessment=UNSEEN)).json()
    duty = duty_to_see_victim(callers, routed["case_id"])
    path, tag = f"/v1/actions/{duty.json()['id']}/outcomes", {"If-Match": duty.headers["etag"]}

    refused = callers.hub.post(path, DONE, **tag)

    assert (refused.status_code, refused.json()["code"]) == (409, "evidence-missing")


def test_duty_to_see_the_victim_alone_is_done_once_it_is_on_record(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_referral(assessment=UNSEEN)).json()
    duty = duty_to_see_victim(callers, routed["case_id"]).json()["id"]
    seen = {"assessment": {"seen": True, "seen_alone": True}}
    callers.hub.post(f"/v1/referrals/{routed['referral_id']}/facts", seen).raise_for_status()

    ended = callers.hub.get(f"/v1/actions/{duty}").json()

    assert (ended["state"], ended["outcome"]) == ("ENDED", "DONE_ON_RECORD")
    assert "D33" not in {one["duty"] for one in callers.hub.get("/v1/actions", limit=200).json()["items"]}
