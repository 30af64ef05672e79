"""Whom an agency's research says not to contact reaches whoever is going to contact them, and its reason does not."""

from typing import Any

import pytest

from tests.given import Callers
from tests.meetings.sitting import Sitting, an_action

REASON = "The telephone is read by the perpetrator"
BARRED = "do not contact the victim, the victim's family; agree with the MARAC co-ordinator first whether and how"


@pytest.fixture
def listed(sitting: Sitting) -> dict[str, Any]:
    meeting = sitting.cycle()[0]
    return sitting.taken(perpetrator={"ref": "P-1", "age": 41}) | {"meeting": meeting["id"]}


def bar(sitting: Sitting, listed: dict[str, Any], **changes: Any) -> Any:
    (entry,) = sitting.listed(listed["meeting"])
    request = next(one for one in entry["research"] if one["agency"] == "ANYTOWN-COUNCIL")
    bars = [{"who": "VICTIM_FAMILY", "reason": REASON}, {"who": "VICTIM", "reason": REASON}]
    body = {"do_not_contact": bars, **changes}
    answer = sitting.callers.council.post(f"/v1/research-requests/{request['id']}/returns", body)
    assert answer.status_code == 201, answer.text


def words(caller: Any, case_id: str) -> dict[str, str]:
    items = caller.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return {one["duty"] or one["what"]: one["what"] for one in items}


def test_open_action_that_reaches_the_victim_says_the_bar_at_once(sitting: Sitting, listed: dict[str, Any]) -> None:
    assert "do not contact" not in words(sitting.callers.idva, listed["case_id"])["D06"]

    bar(sitting, listed)

    assert BARRED in words(sitting.callers.idva, listed["case_id"])["D06"]


def test_later_action_says_the_bar_too(sitting: Sitting, listed: dict[str, Any]) -> None:
    bar(sitting, listed)

    facts = {"joint_visit_agreed": True, "children": [{"ref": "C-1", "age": 9, "in_household": True}]}
    sitting.callers.hub.post(f"/v1/referrals/{listed['referral_id']}/facts", facts).raise_for_status()

    told = words(sitting.callers.coordinator, listed["case_id"])
    assert [duty for duty in ("D06", "D25.school", "D30") if BARRED not in told[duty]] == []


def test_agreed_action_says_the_bar_after_its_own_words(sitting: Sitting, listed: dict[str, Any]) -> None:
    bar(sitting, listed)

    made = sitting.callers.coordinator.post(f"/v1/cases/{listed['case_id']}/actions", an_action())

    assert made.status_code == 201, made.text
    assert made.json()["what"].startswith(an_action()["what"])
    assert BARRED in made.json()["what"]


def test_action_about_the_perpetrator_says_no_bar_of_the_victim(sitting: Sitting, listed: dict[str, Any]) -> None:
    bar(sitting, listed, do_not_contact=[{"who": who, "reason": REASON} for who in ("VICTIM", "PERPETRATOR_FAMILY")])

    agreed = an_action(about="PERPETRATOR", what="Arrange a visit of probation to the perpetrator's approved address")
    made = sitting.callers.coordinator.post(f"/v1/cases/{listed['case_id']}/actions", agreed)

    assert "do not contact the perpetrator's family; agree" in made.json()["what"]


@pytest.mark.parametrize("caller", ["idva", "hub", "probation"])
def test_every_agency_that_is_asked_for_research_sees_whom_not_to_contact(
    caller: str, sitting: Sitting, listed: dict[str, Any]
) -> None:
    bar(sitting, listed)

    asked = getattr(sitting.callers, caller).get("/v1/research-requests")

    assert [one["do_not_contact"] for one in asked.json()["items"]][:1] == [["VICTIM", "VICTIM_FAMILY"]]
    assert REASON not in asked.text


@pytest.mark.parametrize("caller", ["hub", "coordinator", "chair"])
def test_case_shows_whom_not_to_contact_and_never_why_or_who_says_so(
    caller: str, sitting: Sitting, listed: dict[str, Any]
) -> None:
    bar(sitting, listed)

    shown = getattr(sitting.callers, caller).get(f"/v1/cases/{listed['case_id']}")

    assert shown.json()["do_not_contact"] == ["VICTIM", "VICTIM_FAMILY"]
    assert REASON not in shown.text
    assert "ANYTOWN-COUNCIL/" not in shown.text


def test_reason_stays_in_the_research_of_the_meeting(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    bar(sitting, listed)

    actions = callers.idva.get("/v1/actions", case_id=listed["case_id"], limit=200).text
    agenda = callers.coordinator.get(f"/v1/meetings/{listed['meeting']}/agenda").text

    assert REASON not in actions
    assert REASON in agenda


def test_bar_of_a_later_return_adds_to_the_earlier_one(sitting: Sitting, listed: dict[str, Any]) -> None:
    bar(sitting, listed)
    bar(sitting, listed, do_not_contact=[{"who": "EMPLOYER", "reason": REASON}])

    told = words(sitting.callers.idva, listed["case_id"])["D06"]

    assert told.count("do not contact") == 1
    assert "the victim, the victim's family, an employer" in told
