"""A forum that is asked owns nothing until it accepts, and a decline leaves the owner (review 14.2.2-14.2.6)."""

from datetime import datetime
from typing import Any

from app.foundation.clock import SettableClock
from tests.given import Caller, Callers


def need_of(body: dict[str, Any], kind: str = "PERPETRATOR") -> dict[str, Any]:
    return next(need for need in body["needs"] if need["kind"] == kind)


def proposal_to(need: dict[str, Any], forum: str) -> dict[str, Any]:
    return next(p for p in need["proposals"] if p["forum"] == forum and p["state"] == "PROPOSED")


def test_police_hub_owns_the_perpetrator_from_the_moment_of_intake(routed: dict[str, Any]) -> None:
    owner = need_of(routed)["owner"]

    assert (owner["forum"], owner["agency"], owner["until"]) == ("HUB", "ANYTOWN-POLICE", None)


def test_being_asked_does_not_make_a_forum_the_owner(routed: dict[str, Any]) -> None:
    need = need_of(routed)

    assert proposal_to(need, "MAPPA_L2")["state"] == "PROPOSED"
    assert need["owner"]["forum"] == "HUB"


def test_only_acceptance_moves_the_need_and_at_one_instant(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    proposal = proposal_to(need_of(routed), "MAPPA_L1_LEAD_AGENCY")
    clock.set(clock.now().replace(hour=11))

    need = callers.probation.post(f"/v1/proposals/{proposal['id']}/acceptances", {}).json()

    before, after = need["owners"]
    assert (before["forum"], after["forum"]) == ("HUB", "MAPPA_L1_LEAD_AGENCY")
    assert before["until"] == after["since"]
    assert need["owner"] == after


def test_hub_owned_before_the_forum_that_accepts_at_the_instant_of_the_referral(
    routed: dict[str, Any], callers: Callers
) -> None:
    proposal = proposal_to(need_of(routed), "MAPPA_L2")

    need = callers.mappa.post(f"/v1/proposals/{proposal['id']}/acceptances", {}).json()

    before, after = need["owners"]
    assert (before["forum"], after["forum"], after["until"]) == ("HUB", "MAPPA_L2", None)
    assert datetime.fromisoformat(before["since"]) < datetime.fromisoformat(before["until"])
    assert before["until"] == after["since"]


def test_higher_forum_takes_over_from_the_one_below_it(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    callers.probation.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L1_LEAD_AGENCY')['id']}/acceptances", {})

    need = callers.mappa.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/acceptances", {}).json()

    assert need["owner"]["forum"] == "MAPPA_L2"


def test_lower_forum_is_no_longer_asked_once_a_higher_one_owns(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)

    need = callers.mappa.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/acceptances", {}).json()

    states = {p["forum"]: p["state"] for p in need["proposals"] if p["kind"] == "LEAD"}
    assert states == {"MAPPA_L2": "ACCEPTED", "MAPPA_L1_LEAD_AGENCY": "WITHDRAWN"}


def test_decline_leaves_the_owner_and_opens_the_duty_to_ask_again(routed: dict[str, Any], callers: Callers) -> None:
    proposal = proposal_to(need_of(routed), "MATAC")
    reason = {
        "code": "MANAGED_ELSEWHERE",
        "claimed_forum": "MARAC",
        "reason": "Managed by MARAC, excluded by our remit",
    }

    need = callers.matac.post(f"/v1/proposals/{proposal['id']}/declines", reason).json()

    assert need["owner"]["forum"] == "HUB"
    actions = callers.coordinator.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    again = [action for action in actions if (action["duty"] or "").startswith("D15.propose:")]
    assert [(action["owner_agency"], action["state"]) for action in again] == [("ANYTOWN-POLICE", "OPEN")]


def test_managed_elsewhere_is_kept_as_history_when_nobody_has_accepted(
    routed: dict[str, Any], callers: Callers
) -> None:
    proposal = proposal_to(need_of(routed), "MATAC")
    reason = {
        "code": "MANAGED_ELSEWHERE",
        "claimed_forum": "MARAC",
        "reason": "Managed by MARAC, excluded by our remit",
    }

    need = callers.matac.post(f"/v1/proposals/{proposal['id']}/declines", reason).json()

    answer = next(p["answer"] for p in need["proposals"] if p["id"] == proposal["id"])
    assert (answer["code"], answer["claim_holds"]) == ("MANAGED_ELSEWHERE", False)


def test_managed_elsewhere_holds_when_the_named_forum_has_accepted(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    callers.probation.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L1_LEAD_AGENCY')['id']}/acceptances", {})
    reason = {
        "code": "MANAGED_ELSEWHERE",
        "claimed_forum": "MAPPA_L1_LEAD_AGENCY",
        "reason": "Probation has accepted the perpetrator and co-ordinates already",
    }

    need = callers.matac.post(f"/v1/proposals/{proposal_to(need, 'MATAC')['id']}/declines", reason).json()

    assert [p["answer"]["claim_holds"] for p in need["proposals"] if p["forum"] == "MATAC"] == [True]


def test_decline_stands_on_the_chairs_list_with_its_reason(routed: dict[str, Any], callers: Callers) -> None:
    proposal = proposal_to(need_of(routed), "MATAC")
    reason = {"code": "CAPACITY", "reason": "No capacity before the next cycle of the panel"}
    callers.matac.post(f"/v1/proposals/{proposal['id']}/declines", reason).raise_for_status()

    listed = callers.chair.get("/v1/proposals", state="DECLINED").json()["items"]

    assert [(p["id"], p["answer"]["reason"]) for p in listed] == [(proposal["id"], reason["reason"])]


def test_decline_without_a_coded_reason_is_refused(routed: dict[str, Any], callers: Callers) -> None:
    proposal = proposal_to(need_of(routed), "MATAC")

    answer = callers.matac.post(f"/v1/proposals/{proposal['id']}/declines", {"reason": "not one of ours, we think"})

    assert answer.status_code == 422
    assert "/code" in [fault["pointer"] for fault in answer.json()["errors"]]


def test_when_mappa_level_two_declines_the_lead_agency_keeps_the_perpetrator(
    routed: dict[str, Any], callers: Callers
) -> None:
    need = need_of(routed)
    callers.probation.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L1_LEAD_AGENCY')['id']}/acceptances", {})
    reason = {"code": "BELOW_THRESHOLD", "reason": "Formal meetings would not add value at present"}

    need = callers.mappa.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/declines", reason).json()

    assert need["owner"]["forum"] == "MAPPA_L1_LEAD_AGENCY"


def test_only_the_agency_that_was_asked_may_answer(routed: dict[str, Any], callers: Callers) -> None:
    proposal = proposal_to(need_of(routed), "MAPPA_L2")

    answer = callers.hub.post(f"/v1/proposals/{proposal['id']}/acceptances", {})

    assert answer.status_code == 403


def test_proposal_is_answered_once_and_the_answer_stays(routed: dict[str, Any], callers: Callers) -> None:
    proposal = proposal_to(need_of(routed), "MAPPA_L2")
    callers.mappa.post(f"/v1/proposals/{proposal['id']}/acceptances", {}).raise_for_status()

    again = callers.mappa.post(
        f"/v1/proposals/{proposal['id']}/declines",
        {"code": "CAPACITY", "reason": "We have changed our minds now"},
    )

    assert again.status_code == 409


def test_marac_is_never_asked_to_own_a_perpetrator(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)

    answer = callers.chair.post(
        f"/v1/needs/{need['id']}/proposals", {"forum": "MARAC", "reason": "MARAC has set the actions so far"}
    )

    assert answer.status_code == 422


def test_forum_that_declined_is_not_asked_again_on_the_same_facts(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    reason = {"code": "BELOW_THRESHOLD", "reason": "Formal meetings would not add value at present"}
    callers.mappa.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/declines", reason)

    answer = callers.chair.post(
        f"/v1/needs/{need['id']}/proposals",
        {"forum": "MAPPA_L2", "reason": "The chair asks level two once more"},
    )

    assert answer.status_code == 409


def test_second_decline_in_a_chain_reaches_the_strategic_lead(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    reason = {"code": "BELOW_THRESHOLD", "reason": "Does not meet what this panel can take on"}

    for caller, forum in ((callers.mappa, "MAPPA_L2"), (callers.matac, "MATAC")):
        _decline(caller, proposal_to(need, forum), reason)

    actions = callers.coordinator.get("/v1/actions", owner_role="STRATEGIC_LEAD").json()["items"]
    assert [action["case_id"] for action in actions] == [routed["case_id"]]


def test_new_facts_let_a_forum_be_asked_again(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    reason = {"code": "BELOW_THRESHOLD", "reason": "Formal meetings would not add value at present"}
    _decline(callers.mappa, proposal_to(need, "MAPPA_L2"), reason)

    again = callers.hub.post(
        f"/v1/referrals/{routed['referral_id']}/facts", {"perpetrator": {"missed_supervision": True}}
    ).json()

    assert proposal_to(need_of(again), "MAPPA_L2")["state"] == "PROPOSED"


def _decline(caller: Caller, proposal: dict[str, Any], reason: dict[str, str]) -> None:
    answer = caller.post(f"/v1/proposals/{proposal['id']}/declines", reason)
    assert answer.status_code == 201, answer.text
