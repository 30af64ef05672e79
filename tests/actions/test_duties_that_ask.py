"""A duty that is a question is asked in the enquiry of its post, and is nobody's action.

Source: design note on proportion, section 4.
"""

from typing import Any

import pytest

from tests.given import Callers, a_referral

Body = dict[str, Any]
APPLIED: Body = {"disclosure": {"route": "RIGHT_TO_ASK", "applied_on": "2026-03-09", "reference": "CLARE-2026-77"}}


def refer(callers: Callers, **changes: Any) -> Body:
    answer = callers.hub.post("/v1/referrals", a_referral(**changes))
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def asked(callers: Callers, case_id: str, role: str) -> Body:
    items = callers.coordinator.get("/v1/enquiries", case_id=case_id).json()["items"]
    (found,) = (one for one in items if one["role"] == role)
    body: Body = found
    return body


def facts(enquiry: Body) -> dict[str, Body]:
    return {item["fact"]: item for item in enquiry["items"]}


@pytest.fixture
def new_partner(callers: Callers) -> Body:
    return refer(callers, perpetrator={"ref": "P-1", "age": 41, "new_relationship": True})


def test_hub_is_asked_whether_a_disclosure_request_is_open_and_gets_no_action_for_it(
    new_partner: Body, callers: Callers
) -> None:
    duties = {one["duty"] for one in callers.coordinator.get("/v1/actions", limit=200).json()["items"]}

    assert "D27" in facts(asked(callers, new_partner["case_id"], "PVP_HUB"))
    assert "D27" not in duties


def test_answer_ends_the_question_for_good(new_partner: Body, callers: Callers) -> None:
    enquiry = asked(callers, new_partner["case_id"], "PVP_HUB")
    found = {"fact": "D27", "kind": "VALUE", "value": True, "reason": "None was open; a new one is made today"}

    answer = callers.hub.post(f"/v1/enquiries/{enquiry['id']}/answers", {"answers": [found]})
    callers.hub.post(f"/v1/referrals/{new_partner['referral_id']}/facts", {"ongoing_event": False}).raise_for_status()

    assert answer.status_code in {200, 201}, answer.text
    after = [one for one in asked(callers, new_partner["case_id"], "PVP_HUB")["items"] if one["fact"] == "D27"]
    assert [one["ended"] for one in after] == ["ANSWERED"]
    assert after[0]["reason"] == "None was open; a new one is made today"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"kind": "VALUE", "value": True}, "/answers/0/reason"),
        ({"kind": "VALUE", "value": "perhaps", "reason": "Not sure"}, "/answers/0/value"),
        ({"kind": "PASSED_ON", "post": "IDVA", "reason": "Theirs"}, "/answers/0/kind"),
        ({"kind": "NOTHING_RECORDED", "looked_in": "PND"}, "/answers/0/kind"),
    ],
)
def test_answer_without_what_was_found_is_refused(
    said: Body, pointer: str, new_partner: Body, callers: Callers
) -> None:
    enquiry = asked(callers, new_partner["case_id"], "PVP_HUB")

    refused = callers.hub.post(f"/v1/enquiries/{enquiry['id']}/answers", {"answers": [{"fact": "D27", **said}]})

    assert refused.status_code == 422
    assert pointer in {one["pointer"] for one in refused.json()["errors"]}


def test_disclosure_team_makes_its_first_check_as_an_answer(callers: Callers) -> None:
    body = refer(callers, **APPLIED)

    team = asked(callers, body["case_id"], "DVDS_TEAM")

    assert "CLARE-2026-77" in facts(team)["D28c"]["ask"]


def test_hub_is_asked_once_whether_it_judges_the_risk_high(callers: Callers) -> None:
    told = {
        "tool": "DASH24",
        "ticks": 6,
        "unanswered": 0,
        "officer_grade": "MEDIUM",
        "seen_alone": True,
        "strangulation": True,
    }
    body = refer(callers, assessment=told)

    items = [one["fact"] for one in asked(callers, body["case_id"], "PVP_HUB")["items"]]

    assert items.count("judged_high") == 1
    assert "E08" not in {one["duty"] for one in callers.coordinator.get("/v1/actions", limit=200).json()["items"]}
