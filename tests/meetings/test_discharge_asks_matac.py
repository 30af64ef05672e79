"""Where the area's policy bars MATAC while MARAC has the case, MATAC is asked at discharge and answers first.

Source: DHR "Jean" 14.2.4: MATAC declined the perpetrator because MARAC had the case; MARAC had already discharged it.
"""

from typing import Any

from tests.given import Callers, a_serial_perpetrator
from tests.meetings.sitting import PLAN

NOT_CONVICTED = {
    "ref": "P-1",
    "age": 41,
    "in_custody": False,
    "mappa": {"not_managed": True},
    "convictions": [],
    "notification_requirement": False,
    "hospital_order": False,
    "terrorism_risk": False,
    "serious_harm_likely": False,
}


def refer(callers: Callers, area: str, **changes: Any) -> dict[str, Any]:
    sent = a_serial_perpetrator() | {"area": area} | changes
    answer = callers.hub.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def discharge(callers: Callers, case_id: str) -> Any:
    open_ones = callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    sent = {"plan": PLAN, "actions_continue": [one["id"] for one in open_ones]}
    return callers.chair.post(f"/v1/cases/{case_id}/discharges", sent)


def asked_of_matac(callers: Callers, case_id: str) -> list[dict[str, Any]]:
    needs = callers.chair.get(f"/v1/cases/{case_id}").json()["needs"]
    return [p for need in needs for p in need["proposals"] if p["forum"] == "MATAC"]


def answer(callers: Callers, proposal_id: str, how: str, sent: dict[str, Any]) -> None:
    callers.matac.post(f"/v1/proposals/{proposal_id}/{how}", sent).raise_for_status()


def test_matac_is_not_asked_while_marac_has_the_case(excluding: Callers) -> None:
    body = refer(excluding, "OLDTOWN", perpetrator=NOT_CONVICTED)

    assert body["decision"]["decision"]["outcomes"]["matac_barred"] == "yes"
    assert asked_of_matac(excluding, body["case_id"]) == []


def test_matac_is_asked_at_discharge_and_the_discharge_waits_for_its_answer(excluding: Callers) -> None:
    body = refer(excluding, "OLDTOWN", perpetrator=NOT_CONVICTED)

    waits = discharge(excluding, body["case_id"])

    assert waits.status_code == 202, waits.text
    (asked,) = waits.json()["waits_for"]
    (proposal,) = asked_of_matac(excluding, body["case_id"])
    assert (asked["proposal_id"], asked["kind"], proposal["state"]) == (proposal["id"], "LEAD", "PROPOSED")
    assert excluding.chair.get(f"/v1/cases/{body['case_id']}").json()["discharges"] == []


def test_second_try_before_the_answer_waits_for_the_same_proposal(excluding: Callers) -> None:
    body = refer(excluding, "OLDTOWN", perpetrator=NOT_CONVICTED)
    first = discharge(excluding, body["case_id"]).json()

    again = discharge(excluding, body["case_id"])

    assert (again.status_code, again.json()) == (202, first)
    assert len(asked_of_matac(excluding, body["case_id"])) == 1


def test_case_is_discharged_once_matac_has_accepted_the_perpetrator(excluding: Callers) -> None:
    body = refer(excluding, "OLDTOWN", perpetrator=NOT_CONVICTED)
    (asked,) = discharge(excluding, body["case_id"]).json()["waits_for"]
    answer(excluding, asked["proposal_id"], "acceptances", {})

    made = discharge(excluding, body["case_id"])

    assert made.status_code == 201, made.text
    owner = next(
        need["owner"]["forum"]
        for need in excluding.chair.get(f"/v1/cases/{body['case_id']}").json()["needs"]
        if need["kind"] == "PERPETRATOR"
    )
    assert owner == "MATAC"


def test_matacs_refusal_leaves_the_perpetrator_with_the_hub_and_the_case_with_marac(
    excluding: Callers,
) -> None:
    body = refer(excluding, "OLDTOWN", perpetrator=NOT_CONVICTED)
    (asked,) = discharge(excluding, body["case_id"]).json()["waits_for"]
    no = {
        "code": "MANAGED_ELSEWHERE",
        "claimed_forum": "MARAC",
        "reason": "Managed by MARAC, excluded by our remit",
    }
    answer(excluding, asked["proposal_id"], "declines", no)

    refused = discharge(excluding, body["case_id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "discharge-without-owner")
    (proposal,) = asked_of_matac(excluding, body["case_id"])
    assert proposal["answer"]["claim_holds"] is False


def test_decision_that_asks_matac_is_kept_with_its_reason(excluding: Callers) -> None:
    body = refer(excluding, "OLDTOWN", perpetrator=NOT_CONVICTED)
    discharge(excluding, body["case_id"])

    decisions = excluding.chair.get(f"/v1/referrals/{body['referral_id']}/decisions").json()["items"]

    assert [one["because"] for one in decisions] == [
        "referral received", "MARAC discharges the case, so MATAC may be asked"
    ]  # fmt: skip
    assert decisions[-1]["decision"]["facts"]["marac_stage"] == "DISCHARGED"


def test_lead_agency_that_accepted_keeps_matac_out_where_level_1_is_excluded_too(excluding: Callers) -> None:
    body = refer(excluding, "OLDTOWN")
    lead = next(
        p
        for need in body["needs"]
        for p in need["proposals"]
        if p["forum"] == "MAPPA_L1_LEAD_AGENCY" and p["state"] == "PROPOSED"
    )
    excluding.probation.post(f"/v1/proposals/{lead['id']}/acceptances", {}).raise_for_status()

    made = discharge(excluding, body["case_id"])

    assert made.status_code == 201, made.text
    assert asked_of_matac(excluding, body["case_id"]) == []


def test_area_that_runs_matac_beside_marac_asks_it_at_once_and_waits_for_nothing(callers: Callers) -> None:
    body = refer(callers, "ANYTOWN", perpetrator=NOT_CONVICTED)
    (proposal,) = asked_of_matac(callers, body["case_id"])
    answer(callers, proposal["id"], "acceptances", {})

    made = discharge(callers, body["case_id"])

    assert made.status_code == 201, made.text


def test_discharge_waits_for_matac_beside_a_statutory_lead_too(excluding: Callers) -> None:
    body = refer(excluding, "OLDTOWN")

    waits = discharge(excluding, body["case_id"])

    assert waits.status_code == 202, waits.text
    assert [(one["forum"], one["kind"]) for one in waits.json()["waits_for"]] == [("MATAC", "SUPPORT")]
