"""Research stays with the agency that was asked, also while it is away, and its date is that of who still waits."""

from datetime import date
from typing import Any

import pytest

from tests.actions.given_actions import if_match
from tests.given import Callers
from tests.meetings.sitting import Sitting
from tests.ownership.test_acceptance_with_actions import accept, named
from tests.ownership.test_handshake import need_of

COVER = {
    "area": "ANYTOWN",
    "owner_agency": "ANYTOWN-COUNCIL",
    "owner_role": "CHILDRENS_SOCIAL_CARE",
    "away_from": "2026-03-10",
    "away_until": "2026-03-20",
    "cover_agency": "ANYTOWN-IDVA",
    "cover_role": "IDVA",
    "owner_account": "housing",
    "cover_account": "idva",
    "reason": "The records team is away",
}
NOTHING = {"nothing_held": True}


@pytest.fixture
def listed(sitting: Sitting) -> dict[str, Any]:
    """A case on the list of 26 March; `meetings` are those of the cycle."""
    meetings = sitting.cycle()
    return sitting.taken() | {"meetings": meetings}


@pytest.fixture
def second(sitting: Sitting, listed: dict[str, Any]) -> dict[str, Any]:
    """The second case of the same victim, on the same list."""
    assert listed["case_id"]
    return sitting.taken("DV-2", perpetrator={"ref": "P-2"})


def put_off(callers: Callers, case_id: str, meetings: list[dict[str, Any]], place: int = 0) -> None:
    earlier, later = meetings[place : place + 2]
    sent = {"meeting_id": earlier["id"], "to_meeting_id": later["id"], "reason": "Probation returned late"}
    callers.chair.post(f"/v1/cases/{case_id}/deferrals", sent).raise_for_status()


def asked(sitting: Sitting, meeting: dict[str, Any], case_id: str, agency: str = "ANYTOWN-COUNCIL") -> dict[str, Any]:
    """The request to that agency before that meeting."""
    entry = next(one for one in sitting.listed(meeting["id"]) if one["case_id"] == case_id)
    found: dict[str, Any] = next(one for one in entry["research"] if one["agency"] == agency)
    return found


def due(sitting: Sitting, case_id: str) -> list[str]:
    return [one["due_on"] for one in sitting.actions(case_id, "D11:ANYTOWN-COUNCIL")]


def test_acceptance_takes_on_no_research_of_an_emergency_meeting(sitting: Sitting, callers: Callers) -> None:
    sitting.cycle()
    body = sitting.referred()
    hold = {"answer": "HOLD", "reason": "The perpetrator was at the victim's door again", "held_on": "2026-03-12"}
    callers.chair.post(f"/v1/cases/{body['case_id']}/emergency-decisions", hold).raise_for_status()
    (research,) = sitting.actions(body["case_id"], "D11:ANYTOWN-POLICE")

    answer = accept(callers.coordinator, need_of(body, "VICTIM_SAFETY"), "MARAC", named(research))

    assert (answer.status_code, [one["status"] for one in answer.json()["actions"]]) == (201, [409])
    (kept,) = sitting.actions(body["case_id"], "D11:ANYTOWN-POLICE")
    assert kept["owner_agency"] == "ANYTOWN-POLICE"
    (request,) = callers.hub.get("/v1/research-requests").json()["items"]
    assert callers.hub.post(f"/v1/research-requests/{request['id']}/returns", NOTHING).status_code == 201


def test_nobody_reassigns_research(sitting: Sitting, listed: dict[str, Any], callers: Callers) -> None:
    (research,) = sitting.actions(listed["case_id"], "D11:ANYTOWN-COUNCIL")
    to = {
        "owner_agency": "ANYTOWN-IDVA",
        "owner_role": "IDVA",
        "reason": "The council has nobody who can look it up this week",
    }

    answer = callers.chair.post(f"/v1/actions/{research['id']}/reassignments", to, **if_match(research))

    assert answer.status_code == 409
    assert "arrange a cover" in answer.json()["detail"]


def test_who_covers_returns_the_research_and_the_absent_agency_shows_as_covered(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    callers.coordinator.post("/v1/covers", COVER).raise_for_status()
    request = asked(sitting, listed["meetings"][0], listed["case_id"])

    seen = callers.idva.get(f"/v1/research-requests/{request['id']}")
    answer = callers.idva.post(f"/v1/research-requests/{request['id']}/returns", NOTHING)

    assert (seen.status_code, answer.status_code) == (200, 201)
    assert request["covered_by"]["cover_agency"] == "ANYTOWN-IDVA"
    assert asked(sitting, listed["meetings"][0], listed["case_id"])["state"] == "RETURNED"


def test_who_covered_returns_nothing_once_the_cover_has_ended(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    cover = callers.coordinator.post("/v1/covers", COVER).json()
    ended = callers.coordinator.post(f"/v1/covers/{cover['id']}/endings", {"reason": "Back early from leave"})
    assert ended.status_code == 201, ended.text
    request = asked(sitting, listed["meetings"][0], listed["case_id"])

    answer = callers.idva.post(f"/v1/research-requests/{request['id']}/returns", NOTHING)

    assert (request["covered_by"], answer.status_code) == (None, 404)


def test_a_case_that_is_returned_does_not_hold_the_date_of_the_one_that_is_put_off(
    sitting: Sitting, listed: dict[str, Any], second: dict[str, Any], callers: Callers
) -> None:
    request = asked(sitting, listed["meetings"][0], listed["case_id"])
    callers.council.post(f"/v1/research-requests/{request['id']}/returns", NOTHING).raise_for_status()
    before = due(sitting, second["case_id"])

    put_off(callers, second["case_id"], listed["meetings"])

    assert (before, due(sitting, second["case_id"])) == (["2026-03-23"], ["2026-04-02"])


def test_the_date_is_counted_anew_when_the_case_heard_first_is_returned(
    sitting: Sitting, listed: dict[str, Any], second: dict[str, Any], callers: Callers
) -> None:
    put_off(callers, second["case_id"], listed["meetings"])
    before = due(sitting, second["case_id"])
    request = asked(sitting, listed["meetings"][0], listed["case_id"])

    callers.council.post(f"/v1/research-requests/{request['id']}/returns", NOTHING).raise_for_status()

    assert (before, due(sitting, second["case_id"])) == (["2026-03-23"], ["2026-04-02"])
    assert asked(sitting, listed["meetings"][1], second["case_id"])["due_on"] == "2026-04-02"


def test_a_case_that_was_heard_without_a_return_keeps_no_research_open(
    sitting: Sitting, listed: dict[str, Any], second: dict[str, Any], callers: Callers
) -> None:
    put_off(callers, second["case_id"], listed["meetings"])
    sitting.on(date(2026, 3, 26))
    sitting.heard(listed["case_id"], listed["meetings"][0]["id"])
    request = asked(sitting, listed["meetings"][1], second["case_id"])

    callers.council.post(f"/v1/research-requests/{request['id']}/returns", NOTHING).raise_for_status()

    assert due(sitting, second["case_id"]) == []


def test_a_request_says_what_its_action_says_when_a_late_one_is_put_off_again(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    put_off(callers, listed["case_id"], listed["meetings"], 0)
    sitting.on(date(2026, 4, 3))

    put_off(callers, listed["case_id"], listed["meetings"], 1)

    request = asked(sitting, listed["meetings"][2], listed["case_id"])
    assert (request["state"], request["due_on"]) == ("NOT_RETURNED", "2026-04-02")
    assert due(sitting, listed["case_id"]) == ["2026-04-02"]
