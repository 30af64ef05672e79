"""What counts from the hearing counts from the day on which the case will be heard, in the commit that moves it."""

from datetime import date
from typing import Any

import pytest

from tests.given import Callers
from tests.meetings.sitting import FIRST_MEETING, Sitting

LICENCES = [{"kind": "LICENCE", "service": "ANYTOWN-PROBATION", "ends_on": "2027-01-01"}]
REASON = "Probation could not return in time"


@pytest.fixture
def waiting(sitting: Sitting) -> dict[str, Any]:
    """A case of a supervised perpetrator, on the list of 26 March."""
    meetings = sitting.cycle()
    return sitting.taken(perpetrator={"ref": "P-1", "licences": LICENCES}) | {"meetings": meetings}


@pytest.fixture
def heard_before(sitting: Sitting, waiting: dict[str, Any]) -> dict[str, Any]:
    """The same case, heard on 26 March, whose plan is open, and listed for 23 April after another incident."""
    sitting.on(FIRST_MEETING)
    sitting.heard_with_plan(waiting["case_id"], waiting["meetings"][0]["id"])
    sitting.on(date(2026, 4, 1))
    sitting.incident(waiting, "2026-04-01T08:00:00Z")
    return waiting


def put_off(callers: Callers, body: dict[str, Any], place: int) -> None:
    """From the meeting at that place to the one after it."""
    earlier, later = body["meetings"][place : place + 2]
    sent = {"meeting_id": earlier["id"], "to_meeting_id": later["id"], "reason": REASON}
    answer = callers.chair.post(f"/v1/cases/{body['case_id']}/deferrals", sent)
    assert answer.status_code == 201, answer.text


def due(sitting: Sitting, case_id: str, duty: str) -> set[str]:
    """When the unfinished actions of the duty are due."""
    return {one["due_on"] for one in sitting.actions(case_id) if (one["duty"] or "").partition(":")[0] == duty}


@pytest.mark.parametrize("duty", ["D11", "D12"])
def test_research_is_due_three_working_days_before_the_meeting_to_which_the_case_was_put_off(
    duty: str, waiting: dict[str, Any], sitting: Sitting, callers: Callers
) -> None:
    before = due(sitting, waiting["case_id"], duty)

    put_off(callers, waiting, 0)

    assert (before, due(sitting, waiting["case_id"], duty)) == ({"2026-03-23"}, {"2026-04-02"})


def test_research_that_is_late_stays_late_when_the_case_is_put_off_for_it(
    waiting: dict[str, Any], sitting: Sitting, callers: Callers
) -> None:
    sitting.on(date(2026, 3, 24))

    put_off(callers, waiting, 0)

    assert due(sitting, waiting["case_id"], "D11") == {"2026-03-23"}


def test_report_on_the_earlier_plan_is_planned_for_the_meeting_to_which_the_case_was_put_off(
    heard_before: dict[str, Any], callers: Callers
) -> None:
    def planned() -> tuple[str, str]:
        case = callers.coordinator.get(f"/v1/cases/{heard_before['case_id']}").json()
        (report,) = [one for one in case["later"] if one["duty"] == "D39"]
        return report["opens_on"], report["due_on"]

    before = planned()

    put_off(callers, heard_before, 2)

    assert before == ("2026-04-15", "2026-04-22")
    assert planned() == ("2026-04-28", "2026-05-06")


def test_research_ends_with_the_hearing_for_which_it_was_asked(waiting: dict[str, Any], sitting: Sitting) -> None:
    sitting.on(FIRST_MEETING)

    sitting.heard(waiting["case_id"], waiting["meetings"][0]["id"])

    assert due(sitting, waiting["case_id"], "D11") == due(sitting, waiting["case_id"], "D12") == set()
    (ended,) = sitting.ended(waiting["case_id"], "D12")
    assert ended["outcome"] == "NO_LONGER_OWED"
