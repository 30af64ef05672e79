"""What ends with its owner's word that it is done, and what a second person looks at.

Source: design note on proportion, section 4; DHR "Jean" 14.2.16: what MATAC had declined was "closed", and nobody
looked.
"""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.actions.given_actions import if_match
from tests.given import Caller, Callers
from tests.meetings.sitting import Sitting
from tests.ownership.test_after_the_end import died

Body = dict[str, Any]
RISEN_RISK = {
    "ref": "P-1",
    "age": 41,
    "in_custody": False,
    "mappa": {"level": 1, "category": 2},
    "escalations": [{"kind": "NEW_RELATIONSHIP", "observed_on": "2026-03-01"}],
}


@pytest.fixture
def sitting(callers: Callers, clock: SettableClock) -> Sitting:
    """Tuesday 10 March 2026, 9:30; MARAC meets from 26 March."""
    begun = Sitting(callers, clock)
    begun.cycle()
    return begun


@pytest.fixture
def taken(sitting: Sitting) -> Body:
    """HIGH, managed at level 1 with a risk that has risen; MARAC has accepted."""
    return sitting.taken(perpetrator=RISEN_RISK)


def owner_of(callers: Callers, action: Body) -> Caller:
    by_agency = {
        "ANYTOWN-POLICE": callers.hub,
        "ANYTOWN-PROBATION": callers.probation,
        "ANYTOWN-IDVA": callers.idva,
        "ANYTOWN-COUNCIL": callers.council,
        "ANYTOWN-MARAC": callers.chair,
    }
    return by_agency[action["owner_agency"]]


def reported(sitting: Sitting, case_id: str, duty: str, outcome: str = "COMPLETED") -> Body:
    (action,) = sitting.actions(case_id, duty)
    sent = {"outcome": outcome, "note": "Written into the case file this morning"}
    answer = owner_of(sitting.callers, action).post(f"/v1/actions/{action['id']}/outcomes", sent, **if_match(action))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def returned(callers: Callers, action: Body) -> Any:
    sent = {"verdict": "RETURNED", "note": "The file says nothing of it", "due_on": "2026-03-20"}
    return callers.chair.post(f"/v1/actions/{action['id']}/reviews", sent, **if_match(action))


@pytest.mark.parametrize("duty", ["D17.review", "D18", "D20"])
def test_ordinary_duty_ends_when_its_owner_says_that_it_is_done(duty: str, sitting: Sitting, taken: Body) -> None:
    done = reported(sitting, taken["case_id"], duty)

    asked = sitting.callers.coordinator.get("/v1/inbox", limit=200).json()["items"]
    assert (done["state"], done["outcome"]) == ("ENDED", "COMPLETED")
    assert done["id"] not in {one["subject_id"] for one in asked}


@pytest.mark.parametrize("outcome", ["NOT_DONE", "NOT_POSSIBLE_CIRCUMSTANCES_CHANGED", "WITHDRAWN"])
def test_second_person_looks_at_whatever_was_not_done(outcome: str, sitting: Sitting, taken: Body) -> None:
    assert reported(sitting, taken["case_id"], "D18", outcome)["state"] == "REPORTED"


@pytest.mark.parametrize("duty", ["D06", "D08", "D09", "D36"])
def test_second_person_looks_at_what_protects(duty: str, sitting: Sitting, taken: Body) -> None:
    assert reported(sitting, taken["case_id"], duty)["state"] == "REPORTED"


def test_second_person_looks_at_a_plan_also_where_it_is_no_danger_yet(sitting: Sitting) -> None:
    medium = {"tool": "DASH24", "ticks": 9, "unanswered": 0, "officer_grade": "MEDIUM", "seen_alone": True}
    body = sitting.referred(assessment=medium)
    (plan,) = sitting.actions(body["case_id"], "D08")

    assert plan["life_safety"] is False
    assert reported(sitting, body["case_id"], "D08")["state"] == "REPORTED"


@pytest.mark.parametrize("duty", ["D07", "D11:ANYTOWN-COUNCIL", "D12"])
def test_word_alone_does_not_end_what_an_act_on_record_shows(duty: str, sitting: Sitting, taken: Body) -> None:
    assert reported(sitting, taken["case_id"], duty)["state"] == "REPORTED"


def test_word_alone_does_not_end_what_fell_back_when_a_forum_declined(sitting: Sitting) -> None:
    body = sitting.referred()
    asked = [one for need in body["needs"] for one in need["proposals"] if one["forum"] == "MARAC"]
    declined = {"code": "CAPACITY", "reason": "There is no room on any list before the summer"}
    sitting.callers.coordinator.post(f"/v1/proposals/{asked[0]['id']}/declines", declined).raise_for_status()

    assert reported(sitting, body["case_id"], "D15.propose:LEAD:MARAC")["state"] == "REPORTED"


def test_second_person_looks_at_what_was_declined_before_it_was_done(sitting: Sitting, taken: Body) -> None:
    declined = reported(sitting, taken["case_id"], "D20", "DECLINED_BY_RECIPIENT")

    assert declined["state"] == "RETURNED"
    assert reported(sitting, taken["case_id"], "D20")["state"] == "REPORTED"


def test_second_person_looks_at_a_duty_that_was_opened_again_after_it_was_declined(
    sitting: Sitting, taken: Body, clock: SettableClock
) -> None:
    reported(sitting, taken["case_id"], "D20", "DECLINED_BY_RECIPIENT")
    clock.set(clock.now() + timedelta(hours=3))
    sitting.incident(taken, "2026-03-10T11:00:00Z")
    (anew,) = [one for one in sitting.actions(taken["case_id"], "D20") if one["state"] == "OPEN"]
    sent = {"outcome": "COMPLETED", "note": "A warning was given"}

    answer = sitting.callers.probation.post(f"/v1/actions/{anew['id']}/outcomes", sent, **if_match(anew))

    assert answer.json()["state"] == "REPORTED"


def test_whoever_reads_the_report_can_return_it(sitting: Sitting, taken: Body, callers: Callers) -> None:
    done = reported(sitting, taken["case_id"], "D18")

    answer = returned(callers, done)

    assert answer.status_code == 201, answer.text
    (again,) = sitting.actions(taken["case_id"], "D18")
    assert (again["id"], again["state"], again["due_on"]) == (done["id"], "OPEN", "2026-03-20")


def test_nothing_opens_again_about_a_person_who_has_died(sitting: Sitting, taken: Body, callers: Callers) -> None:
    done = reported(sitting, taken["case_id"], "D18")
    died(callers, taken, "PERPETRATOR")

    answer = returned(callers, done)

    assert answer.status_code == 409, answer.text
    assert "owed no longer" in answer.json()["detail"]
