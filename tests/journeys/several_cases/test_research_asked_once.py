"""Research before a hearing is asked of an agency once for the victim; what it holds is returned for each case.

Source: design note on proportion, section 4: listing and research once for the victim.
"""

from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.given import Callers
from tests.meetings.sitting import FIRST_MEETING, SECOND_MEETING, Sitting

Body = dict[str, Any]
COUNCIL = "ANYTOWN-COUNCIL"
NOTHING_HELD = {"nothing_held": True}


@pytest.fixture
def sitting(callers: Callers, clock: SettableClock) -> Sitting:
    """Tuesday 10 March 2026, 9:30; MARAC meets from 26 March."""
    begun = Sitting(callers, clock)
    begun.cycle()
    return begun


@pytest.fixture
def two_cases(sitting: Sitting) -> list[Body]:
    """One victim, two perpetrators, both cases on the list of 26 March."""
    return [sitting.taken(f"DV-{one}", perpetrator={"ref": one, "age": 41}) for one in ("P-1", "P-2")]


def requests(callers: Callers) -> dict[str, Body]:
    """The council's requests, by case."""
    items = callers.council.get("/v1/research-requests").json()["items"]
    return {one["case_id"]: one for one in items if one["agency"] == COUNCIL}


def returned(callers: Callers, body: Body) -> None:
    path = f"/v1/research-requests/{requests(callers)[body['case_id']]['id']}/returns"
    callers.council.post(path, NOTHING_HELD).raise_for_status()


def open_research(callers: Callers) -> set[str]:
    items = callers.coordinator.get("/v1/actions", limit=200).json()["items"]
    return {one["id"] for one in items if one["duty"] == f"D11:{COUNCIL}"}


def in_inbox(callers: Callers) -> set[str]:
    items = callers.council.get("/v1/inbox").json()["items"]
    return {one["case_id"] for one in items if one["kind"] == "RESEARCH"}


def test_agency_is_asked_once_and_has_one_form_for_each_case(two_cases: list[Body], callers: Callers) -> None:
    asked = requests(callers)

    assert set(asked) == {body["case_id"] for body in two_cases}
    assert {one["action_id"] for one in asked.values()} == open_research(callers)
    assert len(open_research(callers)) == 1


def test_return_for_one_case_answers_nothing_about_the_other(two_cases: list[Body], callers: Callers) -> None:
    first, second = two_cases

    returned(callers, first)

    states = {case_id: one["state"] for case_id, one in requests(callers).items()}
    assert states == {first["case_id"]: "RETURNED", second["case_id"]: "AWAITED"}
    assert (len(open_research(callers)), in_inbox(callers)) == (1, {second["case_id"]})


def test_action_ends_with_the_return_for_the_last_case(two_cases: list[Body], callers: Callers) -> None:
    for body in two_cases:
        returned(callers, body)

    assert (open_research(callers), in_inbox(callers)) == (set(), set())


def test_case_that_is_listed_after_the_return_is_asked_about_anew(sitting: Sitting, callers: Callers) -> None:
    first = sitting.taken("DV-1", perpetrator={"ref": "P-1", "age": 41})
    returned(callers, first)
    second = sitting.taken("DV-2", perpetrator={"ref": "P-2", "age": 41})

    asked = requests(callers)
    assert asked[second["case_id"]]["state"] == "AWAITED"
    assert open_research(callers) == {asked[second["case_id"]]["action_id"]}


def test_what_a_supervising_service_returns_is_asked_for_each_perpetrator(
    two_cases: list[Body], callers: Callers
) -> None:
    """D12 is about whoever the service supervises, and not about the victim."""
    items = callers.coordinator.get("/v1/actions", limit=200).json()["items"]

    assert len([one for one in items if one["duty"] == "D12"]) == len(two_cases)


@pytest.mark.parametrize(("put_off", "due_on"), [((0,), "2026-03-23"), ((1,), "2026-03-23"), ((0, 1), "2026-04-02")])
def test_what_is_asked_once_counts_from_the_first_of_the_hearings(
    put_off: tuple[int, ...], due_on: str, sitting: Sitting, callers: Callers
) -> None:
    first, second = callers.coordinator.get("/v1/meetings", since="2026-03-10").json()["items"][:2]
    cases = [sitting.taken(f"DV-{one}", perpetrator={"ref": one, "age": 41})["case_id"] for one in ("P-1", "P-2")]

    for place in put_off:
        sent = {
            "meeting_id": first["id"],
            "to_meeting_id": second["id"],
            "reason": "Probation could not return in time",
        }
        callers.chair.post(f"/v1/cases/{cases[place]}/deferrals", sent).raise_for_status()

    items = callers.coordinator.get("/v1/actions", limit=200).json()["items"]
    assert [one["due_on"] for one in items if one["duty"] == f"D11:{COUNCIL}"] == [due_on]


def test_research_of_a_case_that_was_heard_stays_asked_for_the_victims_other_case(
    sitting: Sitting, callers: Callers
) -> None:
    first, second = callers.coordinator.get("/v1/meetings", since="2026-03-10").json()["items"][:2]
    heard, other = [
        sitting.taken(f"DV-{one}", perpetrator={"ref": one, "age": 41})["case_id"] for one in ("P-1", "P-2")
    ]
    later = {"meeting_id": first["id"], "to_meeting_id": second["id"], "reason": "Probation could not return in time"}
    callers.chair.post(f"/v1/cases/{other}/deferrals", later).raise_for_status()
    sitting.on(FIRST_MEETING)

    sitting.heard(heard, first["id"])

    assert len(open_research(callers)) == 1
    sitting.on(SECOND_MEETING)
    sitting.heard(other, second["id"])
    assert open_research(callers) == set()
