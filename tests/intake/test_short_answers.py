"""The answer to a referral is short for every case, says who is asked and who owns meanwhile, and links to the rest."""

import json
from typing import Any

import pytest

from tests.given import Callers, a_referral, a_serial_perpetrator, an_incident, not_high_risk
from tests.journeys.portfolio.test_cases_are_told_apart import ROWS, posted

MOST_BYTES = 8_000
Body = dict[str, Any]


def answered(callers: Callers, body: Body, path: str = "/v1/referrals", **headers: str) -> Body:
    answer = callers.hub.post_plainly(path, body, **headers)
    assert answer.status_code == 201, answer.text
    size = len(answer.content)
    assert size <= MOST_BYTES, f"{size} bytes: " + str({k: len(json.dumps(v)) for k, v in answer.json().items()})
    shown: Body = answer.json()
    return shown


def the_largest() -> Body:
    """Everything that makes a duty, stated at once, with the longest names that an agency may choose."""
    licences = [
        {"kind": "LICENCE", "starts_on": "2025-03-01", "ends_on": f"2026-0{n}-01", "service": "ANYTOWN-PROBATION"}
        for n in (4, 5, 6)
    ]
    perpetrator = {
        "ref": "P" * 64, "age": 41, "in_custody": False, "mappa": {"level": 1, "category": 2}, "licences": licences,
        "escalations": [{"kind": "NEW_RELATIONSHIP", "observed_on": "2026-03-01"}], "suspect_outstanding": True,
        "arrested_without_charge": True, "missed_supervision": True, "breach_suspected": True,
        "address_approved": False, "address_check_requested": True, "crosses_boundary": True,
        "practitioner_absent": True, "new_relationship": True, "serious_harm_likely": True,
    }  # fmt: skip
    signs = ("threats_to_kill", "strangulation", "weapon", "stalking", "coercive_control", "separation", "pregnancy")
    return a_referral(
        "R" * 64,
        victim={
            "ref": "V" * 64, "age": 34, "home_insecure": True, "under_supervision": True, "moved_area": True,
            "care_needs": True, "at_risk_of_abuse": True, "unable_to_protect_self": True,
        },
        perpetrator=perpetrator,
        assessment={**not_high_risk(), "ticks": 24, "officer_grade": "HIGH", "seen_alone": False, "seen": False}
        | dict.fromkeys((*signs, "isolation", "phone_taken", "perpetrator_answered_phone"), True),
        incidents=[
            an_incident(f"2026-03-0{day}T21:00:00Z", victim_ref=f"V-{day}", asb_linked=True) for day in range(1, 10)
        ],
        children=[
            {"ref": f"C-{n}", "age": 5 + n, "in_household": True, "perpetrator_access": True} for n in range(6)
        ],
        orders=[{"kind": "NON_MOLESTATION_ORDER", "protected_ref": "V" * 64, "breached": True}],
        protective_order_granted=True, joint_visit_agreed=True, investigation_closing=True, residing_together=True,
        consent="REFUSED", disclosure={"applied_on": "2026-03-09"},
    )  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_answer_to_each_row_of_the_portfolio_is_at_most_8_000_bytes(name: str, callers: Callers) -> None:
    answered(callers, posted(ROWS[name]))


def test_answer_to_the_largest_case_is_at_most_8_000_bytes_and_says_what_there_was_no_room_for(
    callers: Callers,
) -> None:
    body = answered(callers, the_largest())

    page = callers.coordinator.get(body["links"]["actions"], limit=200).json()["items"]
    assert len(body["actions"]) + body["left_out"]["actions"] == len(page)
    assert {action["id"] for action in body["actions"]} <= {action["id"] for action in page}
    urgent = [action["life_safety"] for action in body["actions"]]
    assert urgent == sorted(urgent, reverse=True)


def test_answer_to_facts_that_take_everything_back_is_at_most_8_000_bytes(callers: Callers) -> None:
    sent = the_largest()
    referral_id = answered(callers, sent)["referral_id"]
    taken_back: Body = dict.fromkeys(("children", "orders", "consent", "disclosure", "joint_visit_agreed"))
    taken_back["assessment"] = dict.fromkeys(sent["assessment"])
    taken_back["perpetrator"] = dict.fromkeys(sent["perpetrator"].keys() - {"ref", "mappa"})

    named = callers.hub.on_behalf_of("jo.smith")
    body = answered(callers, taken_back, f"/v1/referrals/{referral_id}/facts", **named)

    assert "/assessment/strangulation" in body["retracted"]


def test_answer_says_in_one_sentence_for_each_need_who_is_asked_and_who_owns_meanwhile(callers: Callers) -> None:
    body = answered(callers, a_serial_perpetrator())

    said = {need["kind"]: need["says"] for need in body["needs"]}
    assert said["VICTIM_SAFETY"] == (
        "MARAC is asked to lead on the victim's safety, by the end of 12 March 2026; "
        "the referring agency (ANYTOWN-POLICE) owns it meanwhile."
    )
    assert said["PERPETRATOR"].startswith("MAPPA level 2 is asked to lead on the perpetrator, by ")
    assert said["PERPETRATOR"].endswith("the police PVP hub (ANYTOWN-POLICE) owns it meanwhile.")


def test_answer_says_that_nobody_else_is_asked(callers: Callers) -> None:
    body = answered(callers, a_referral(assessment=not_high_risk(), perpetrator={"ref": "P-1"}))

    said = {need["kind"]: need["says"] for need in body["needs"]}
    assert said["PERPETRATOR"] == (
        "The police PVP hub (ANYTOWN-POLICE) owns the perpetrator; nobody else is asked to lead."
    )


def test_answer_says_what_facts_that_nobody_knows_leave_open(callers: Callers) -> None:
    body = answered(callers, a_referral(perpetrator={"ref": "P-1"}))

    assert "mappa" in {each["outcome"] for each in body["open"]}
    assert all(len(each["says"]) <= 250 for each in body["open"])


def test_every_link_of_the_answer_leads_to_the_rest(callers: Callers) -> None:
    links = answered(callers, a_referral())["links"]

    assert {name: callers.coordinator.get(links[name]).status_code for name in links.keys() - {"enquiries"}} == {
        "self": 200, "decision": 200, "case": 200, "actions": 200,
    }  # fmt: skip


def test_expand_adds_the_whole_record_that_the_decision_shows(callers: Callers) -> None:
    answer = callers.hub.post_plainly("/v1/referrals?expand=decision", a_referral()).json()

    shown = callers.hub.get(answer["links"]["decision"]).json()

    assert answer["decision"] == shown
    assert shown["printing"] == "as made"
    assert answer["decision_id"] == shown["id"]


def test_repeated_key_gives_the_same_bytes_and_not_more(callers: Callers) -> None:
    first = callers.hub.post_plainly("/v1/referrals", a_referral(), "same")

    again = callers.hub.post_plainly("/v1/referrals", a_referral(), "same")

    assert again.content == first.content
