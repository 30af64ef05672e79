"""A meeting sees the earlier plan with its outcomes, and repeating a failed action requires a reason."""

from datetime import date
from typing import Any

import pytest

from tests.given import Callers
from tests.meetings.sitting import FIRST_MEETING, SECOND_MEETING, Sitting, an_action


@pytest.fixture
def repeat(sitting: Sitting) -> dict[str, Any]:
    """Heard on 26 March with an action that was not done; a new incident lists the case for 23 April."""
    meetings = sitting.cycle()
    body = sitting.referred()
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], meetings[0]["id"])
    action = sitting.planned(body["case_id"], meetings[0]["id"]).json()["action"]
    not_done = {"outcome": "NOT_DONE", "note": "The visit was called off twice and never made"}
    sitting.callers.hub.post(
        f"/v1/actions/{action['id']}/outcomes", not_done, **{"If-Match": f'"{action["version"]}"'}
    ).raise_for_status()
    sitting.on(SECOND_MEETING)
    sitting.incident(body, "2026-04-08T22:00:00Z")
    sitting.on(date(2026, 4, 23))
    return {"case_id": body["case_id"], "failed": action["id"], "meeting": meetings[2]["id"]}


def test_repeat_brings_the_previous_plan_with_the_outcome_of_each_action(
    repeat: dict[str, Any], callers: Callers
) -> None:
    plan = callers.coordinator.get(f"/v1/cases/{repeat['case_id']}/previous-plan").json()

    assert plan["heard_on"] == FIRST_MEETING.isoformat()
    (failed,) = [one for one in plan["actions"] if one["action_id"] == repeat["failed"]]
    assert (failed["outcome"], failed["failed"]) == ("NOT_DONE", True)
    assert failed["reported"] == "The visit was called off twice and never made"


def test_agenda_entry_of_a_repeat_holds_the_previous_plan(sitting: Sitting, repeat: dict[str, Any]) -> None:
    (entry,) = sitting.agenda(repeat["meeting"])["cases"]

    assert entry["repeat"] is True
    assert repeat["failed"] in {one["action_id"] for one in entry["previous_plan"]["actions"]}


def test_first_hearing_has_no_previous_plan(sitting: Sitting, callers: Callers) -> None:
    first = sitting.cycle()[0]["id"]
    body = sitting.referred()

    assert sitting.agenda(first)["cases"][0]["previous_plan"] is None
    assert callers.coordinator.get(f"/v1/cases/{body['case_id']}/previous-plan").status_code == 404


def test_setting_an_action_again_that_failed_asks_for_a_reason(sitting: Sitting, repeat: dict[str, Any]) -> None:
    again = an_action(due_on="2026-05-01")

    answer = sitting.planned(repeat["case_id"], repeat["meeting"], action=again)

    assert (answer.status_code, answer.json()["code"]) == (409, "failed-before")
    assert answer.json()["failed_action"]["action_id"] == repeat["failed"]


def test_failed_action_is_set_again_with_the_reason_on_record(sitting: Sitting, repeat: dict[str, Any]) -> None:
    reason = "The IDVA now leads the visit and has agreed the day with the victim"

    answer = sitting.planned(
        repeat["case_id"], repeat["meeting"], action=an_action(due_on="2026-05-01"), reuse_reason=reason
    )

    assert answer.status_code == 201, answer.text
    assert (answer.json()["repeats_action_id"], answer.json()["reuse_reason"]) == (repeat["failed"], reason)


def test_new_action_needs_no_reason_and_may_not_claim_one(sitting: Sitting, repeat: dict[str, Any]) -> None:
    new = an_action(what="Obtain an occupation order with the victim's solicitor", due_on="2026-05-01")

    claimed = sitting.planned(
        repeat["case_id"], repeat["meeting"], action=new, reuse_reason="It was tried before and failed"
    )
    plain = sitting.planned(repeat["case_id"], repeat["meeting"], action=new)

    assert (claimed.status_code, plain.status_code) == (422, 201)


def test_action_aimed_at_the_perpetrator_is_counted_on_the_agenda(sitting: Sitting) -> None:
    first = sitting.cycle()[0]["id"]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)

    arrest = an_action(what="Arrest the perpetrator for the breach reported on Monday", due_on="2026-04-02")
    answer = sitting.planned(body["case_id"], first, aimed_at="PERPETRATOR", action=arrest)

    assert answer.json()["action"]["about"] == "PERPETRATOR"
    assert sitting.agenda(first)["cases"][0]["perpetrator_actions"] == 1


def test_action_cannot_be_set_for_a_case_that_is_not_on_the_list(sitting: Sitting) -> None:
    first, second = sitting.cycle()[:2]
    body = sitting.referred()
    sitting.on(SECOND_MEETING)

    assert sitting.planned(body["case_id"], second["id"]).status_code == 404
    assert [one["case_id"] for one in sitting.listed(first["id"])] == [body["case_id"]]
