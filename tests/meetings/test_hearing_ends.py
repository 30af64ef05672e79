"""What a hearing ends, and what each hearing begins: the emergency question, the minutes, the report on the plan."""

from datetime import date
from typing import Any

import pytest

from tests.actions.given_actions import if_match
from tests.given import Callers
from tests.meetings.sitting import FIRST_MEETING, Sitting

MEET = {"answer": "HOLD", "reason": "The perpetrator was seen at the victim's door again", "held_on": "2026-04-01"}


@pytest.fixture
def waiting(sitting: Sitting) -> dict[str, Any]:
    """A case on the list of 26 March."""
    meetings = sitting.cycle()
    return sitting.referred() | {"meetings": meetings}


@pytest.fixture
def second(sitting: Sitting, waiting: dict[str, Any]) -> dict[str, Any]:
    """The second case of the same victim, on the same list."""
    assert waiting["case_id"]
    return sitting.referred("DV-2", perpetrator={"ref": "P-2"})


def put_off(callers: Callers, case_id: str, meetings: list[dict[str, Any]]) -> None:
    sent = {"meeting_id": meetings[0]["id"], "to_meeting_id": meetings[1]["id"], "reason": "Probation returned late"}
    callers.chair.post(f"/v1/cases/{case_id}/deferrals", sent).raise_for_status()


def minutes(sitting: Sitting, case_id: str) -> list[dict[str, Any]]:
    return [one for one in sitting.actions(case_id) if (one["duty"] or "").startswith("MINUTES")]


def send_minutes(sitting: Sitting, meeting_id: str) -> None:
    sitting.everyone_attends(meeting_id)
    sitting.everything_reviewed(meeting_id, date(2026, 5, 6))
    assert sitting.completed(meeting_id).status_code == 201
    path = f"/v1/meetings/{meeting_id}/minutes"
    sitting.callers.coordinator.post(path, {"sent_to": ["ANYTOWN-POLICE"]}).raise_for_status()


def test_the_emergency_question_ends_with_the_hearing(sitting: Sitting, waiting: dict[str, Any]) -> None:
    sitting.on(FIRST_MEETING)

    sitting.heard(waiting["case_id"], waiting["meetings"][0]["id"])

    assert sitting.actions(waiting["case_id"], "D07") == []
    (ended,) = sitting.ended(waiting["case_id"], "D07")
    assert ended["outcome"] == "NO_LONGER_OWED"


def test_the_emergency_question_goes_on_for_the_victims_case_that_still_waits(
    sitting: Sitting, waiting: dict[str, Any], second: dict[str, Any], callers: Callers
) -> None:
    put_off(callers, second["case_id"], waiting["meetings"])
    sitting.on(FIRST_MEETING)

    sitting.heard(waiting["case_id"], waiting["meetings"][0]["id"])

    assert len(sitting.actions(second["case_id"], "D07")) == 1


def test_hold_in_one_case_of_the_victim_answers_for_the_other_on_the_same_list(
    sitting: Sitting, waiting: dict[str, Any], second: dict[str, Any], callers: Callers
) -> None:
    wait = {"answer": "DO_NOT_HOLD", "reason": "The victim stays with a sister"}
    callers.chair.post(f"/v1/cases/{waiting['case_id']}/emergency-decisions", wait).raise_for_status()
    for case_id in (waiting["case_id"], second["case_id"]):
        put_off(callers, case_id, waiting["meetings"])
    asked = {one["id"] for case in (waiting, second) for one in sitting.actions(case["case_id"], "D07")}

    callers.chair.post(f"/v1/cases/{second['case_id']}/emergency-decisions", MEET).raise_for_status()

    assert len(asked) == 1
    assert [sitting.actions(one["case_id"], "D07") for one in (waiting, second)] == [[], []]
    listed = callers.coordinator.get("/v1/meetings", since="2026-03-27").json()["items"][0]
    assert {one["case_id"] for one in sitting.listed(listed["id"])} == {waiting["case_id"], second["case_id"]}


def test_the_agenda_says_of_each_case_of_the_victim_that_the_chair_owes_an_answer(
    sitting: Sitting, waiting: dict[str, Any], second: dict[str, Any]
) -> None:
    assert second["case_id"] != waiting["case_id"]

    cases = sitting.agenda(waiting["meetings"][0]["id"])["cases"]

    assert [one["emergency_decision_open"] for one in cases] == [True, True]


def test_minutes_of_one_meeting_do_not_end_those_of_the_next(sitting: Sitting, waiting: dict[str, Any]) -> None:
    first, later = waiting["meetings"][0]["id"], waiting["meetings"][2]["id"]
    sitting.on(FIRST_MEETING)
    sitting.heard_with_plan(waiting["case_id"], first)
    sitting.on(date(2026, 4, 1))
    sitting.incident(waiting, "2026-04-01T08:00:00Z")
    sitting.on(date(2026, 4, 23))
    sitting.heard(waiting["case_id"], later)
    both = {one["due_on"] for one in minutes(sitting, waiting["case_id"])}

    send_minutes(sitting, first)

    assert both == {"2026-03-31", "2026-04-28"}
    assert [one["due_on"] for one in minutes(sitting, waiting["case_id"])] == ["2026-04-28"]


def test_minutes_of_one_meeting_are_one_thing_to_do_whatever_it_heard(
    sitting: Sitting, waiting: dict[str, Any]
) -> None:
    meeting = waiting["meetings"][0]["id"]
    stranger = sitting.referred("DV-3", victim={"ref": "V-3"}, perpetrator={"ref": "P-3"})
    sitting.on(FIRST_MEETING)
    for one in (waiting, stranger):
        sitting.heard_with_plan(one["case_id"], meeting)
    to_send = {one["id"] for case in (waiting, stranger) for one in minutes(sitting, case["case_id"])}

    send_minutes(sitting, meeting)

    assert len(to_send) == 1
    assert [minutes(sitting, one["case_id"]) for one in (waiting, stranger)] == [[], []]


def reports_on_plan(sitting: Sitting, case_id: str) -> list[dict[str, Any]]:
    """What is planned for the co-ordinator: to report how the actions of the earlier plan stand."""
    later = sitting.callers.coordinator.get(f"/v1/cases/{case_id}").json()["later"]
    return [one for one in later if one["duty"] == "D39"] + sitting.actions(case_id, "D39")


def test_nobody_is_to_report_on_a_plan_of_which_nothing_is_open(sitting: Sitting, waiting: dict[str, Any]) -> None:
    sitting.on(FIRST_MEETING)
    sitting.heard(waiting["case_id"], waiting["meetings"][0]["id"])
    sitting.on(date(2026, 4, 1))

    sitting.incident(waiting, "2026-04-01T08:00:00Z")

    assert sitting.actions(waiting["case_id"]) != []
    assert reports_on_plan(sitting, waiting["case_id"]) == []


def test_report_on_the_plan_ends_with_the_hearing_that_it_is_for(sitting: Sitting, waiting: dict[str, Any]) -> None:
    sitting.on(FIRST_MEETING)
    sitting.heard_with_plan(waiting["case_id"], waiting["meetings"][0]["id"])
    sitting.on(date(2026, 4, 1))
    sitting.incident(waiting, "2026-04-01T08:00:00Z")
    before = reports_on_plan(sitting, waiting["case_id"])
    sitting.on(date(2026, 4, 23))

    sitting.heard(waiting["case_id"], waiting["meetings"][2]["id"])

    assert len(before) == 1
    assert reports_on_plan(sitting, waiting["case_id"]) == []


def test_report_on_the_plan_ends_with_the_last_open_action_of_the_plan(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    sitting.on(FIRST_MEETING)
    sitting.heard_with_plan(waiting["case_id"], waiting["meetings"][0]["id"])
    sitting.on(date(2026, 4, 1))
    sitting.incident(waiting, "2026-04-01T08:00:00Z")
    before = reports_on_plan(sitting, waiting["case_id"])
    (arrest,) = [one for one in sitting.actions(waiting["case_id"]) if one["duty"] is None]

    done = {"outcome": "COMPLETED", "note": "Arrested this morning, and kept in custody"}
    path = f"/v1/actions/{arrest['id']}"
    reported = callers.hub.post(f"{path}/outcomes", done, **if_match(arrest)).json()
    assert reports_on_plan(sitting, waiting["case_id"]) == before
    accepted = {"verdict": "ACCEPTED", "note": "Seen the custody record"}
    callers.chair.post(f"{path}/reviews", accepted, **if_match(reported)).raise_for_status()

    assert len(before) == 1
    assert reports_on_plan(sitting, waiting["case_id"]) == []
    (ended,) = sitting.ended(waiting["case_id"], "D39")
    assert ended["outcome"] == "NO_LONGER_OWED"
