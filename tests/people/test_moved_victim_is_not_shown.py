"""The victim has moved, and nothing that reaches whoever manages the perpetrator says where to.

Source: design note on access, finding 1; DHR "Jean" 14.3.15 for what must reach them all the same.
"""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.access.victims_area import VICTIMS_AREA
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral, an_incident
from tests.people.conftest import TwoForces

Body = dict[str, Any]
CARRIED = {
    "plan": "Weekly contact by the IDVA; locks changed; alarm fitted at the old address",
    "minutes": "Not heard yet; the list for the next meeting is not out",
    "idva_handover": "Call on the number a sister keeps, mornings only, and never leave a message",
}


@pytest.fixture
def border(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock) -> Callers:
    """A third area."""
    with sessions.begin() as session:
        furnished = create_demo_area(session, "BORDER", "national-baseline", clock.now(), name="Border")
    return Callers(**{name: Caller(http, key) for name, key in furnished.keys.items()})


def probation_takes_the_lead(officer: Caller) -> None:
    waiting = officer.get("/v1/inbox").json()["items"]
    (asked,) = (one for one in waiting if one["kind"] == "PROPOSAL" and "level 1" in one["what"])
    officer.post(f"/v1/proposals/{asked['subject_id']}/acceptances", {}).raise_for_status()


def moves(forces: TwoForces, there: Callers, case_id: str, to_area: str = "BORDER") -> Any:
    asked = forces.here.coordinator.post(f"/v1/cases/{case_id}/transfers", CARRIED | {"to_area": to_area})
    asked.raise_for_status()
    return there.coordinator.post(f"/v1/transfers/{asked.json()['id']}/acceptances", {})


def reads(officer: Caller) -> str:
    return "".join(officer.get(path).text for path in ("/v1/inbox", "/v1/actions", "/v1/events"))


def reviews(officer: Caller) -> list[Body]:
    actions = officer.get("/v1/actions", limit=200).json()["items"]
    return [action for action in actions if action["duty"] == "REVIEW_OTHER_CASE"]


def test_second_report_in_the_area_the_victim_left_tells_the_officer_no_new_area(
    forces: TwoForces, border: Callers, clock: SettableClock
) -> None:
    first = forces.here.hub.post("/v1/referrals", a_referral()).json()
    probation_takes_the_lead(forces.here.probation)
    moves(forces, border, first["case_id"]).raise_for_status()
    clock.set(clock.now() + timedelta(hours=1))

    forces.here.hub.post("/v1/referrals", a_referral("DV-2")).raise_for_status()

    assert "BORDER" not in reads(forces.here.probation)


def test_officer_is_asked_to_look_again_in_a_case_of_their_own_area_when_the_new_area_reports(
    forces: TwoForces, border: Callers, clock: SettableClock
) -> None:
    first = forces.here.hub.post("/v1/referrals", a_referral()).json()
    probation_takes_the_lead(forces.here.probation)
    moves(forces, border, first["case_id"]).raise_for_status()
    second = forces.here.hub.post("/v1/referrals", a_referral("DV-2")).json()
    clock.set(clock.now() + timedelta(hours=1))

    later = an_incident("2026-03-10T10:00:00Z", force="BORDER-POLICE")
    border.hub.post("/v1/referrals", a_referral("DV-9", area="BORDER", incidents=[later])).raise_for_status()

    assert [(one["case_id"], one["area"]) for one in reviews(forces.here.probation)] == [
        (second["case_id"], VICTIMS_AREA)
    ]


def test_officer_hears_that_the_only_case_was_reported_anew_where_the_victim_lives_now(
    forces: TwoForces, border: Callers, clock: SettableClock
) -> None:
    """The owner of the perpetrator is told of new abuse wherever it is reported, and not where."""
    first = forces.here.hub.post("/v1/referrals", a_referral()).json()
    probation_takes_the_lead(forces.here.probation)
    moves(forces, border, first["case_id"]).raise_for_status()
    clock.set(clock.now() + timedelta(hours=1))

    later = an_incident("2026-03-10T10:00:00Z", force="BORDER-POLICE")
    border.hub.post("/v1/referrals", a_referral("DV-9", area="BORDER", incidents=[later])).raise_for_status()

    assert [one["area"] for one in reviews(forces.here.probation)] == [VICTIMS_AREA]
    assert "BORDER" not in reads(forces.here.probation)


def test_officer_is_told_no_new_area_when_another_harms_the_victim_there(
    forces: TwoForces, border: Callers, clock: SettableClock
) -> None:
    first = forces.here.hub.post("/v1/referrals", a_referral()).json()
    probation_takes_the_lead(forces.here.probation)
    moves(forces, border, first["case_id"]).raise_for_status()
    clock.set(clock.now() + timedelta(hours=1))

    other = {"ref": "P-2", "age": 30, "in_custody": False}
    border.hub.post("/v1/referrals", a_referral("DV-9", area="BORDER", perpetrator=other)).raise_for_status()

    assert [one["area"] for one in reviews(forces.here.probation)] == [VICTIMS_AREA]
    assert "BORDER" not in reads(forces.here.probation)


def test_officer_of_a_third_area_is_asked_to_look_again_in_that_area(
    forces: TwoForces, border: Callers, clock: SettableClock
) -> None:
    theirs = forces.there.hub.post(
        "/v1/referrals", a_referral("DV-0", area="OTHERTOWN", victim={"ref": "V-0", "age": 30})
    ).json()
    probation_takes_the_lead(forces.there.probation)
    forces.here.hub.post("/v1/referrals", a_referral()).raise_for_status()
    clock.set(clock.now() + timedelta(hours=1))

    border.hub.post("/v1/referrals", a_referral("DV-9", area="BORDER")).raise_for_status()

    assert [(one["case_id"], one["area"]) for one in reviews(forces.there.probation)] == [
        (theirs["case_id"], VICTIMS_AREA)
    ]
    assert "BORDER" not in reads(forces.there.probation)
    assert "ANYTOWN" not in str(reviews(forces.there.probation))


def test_coordinator_of_the_area_the_victim_left_is_shown_no_case_of_a_third_area(
    forces: TwoForces, border: Callers, clock: SettableClock
) -> None:
    first = forces.here.hub.post("/v1/referrals", a_referral()).json()
    moves(forces, forces.there, first["case_id"], "OTHERTOWN").raise_for_status()
    for hub, area in ((border.hub, "BORDER"), (forces.there.hub, "OTHERTOWN")):
        clock.set(clock.now() + timedelta(hours=1))
        hub.post("/v1/referrals", a_referral("DV-9", area=area)).raise_for_status()

    listed = forces.here.coordinator.get("/v1/cases-to-review")

    assert listed.status_code == 200
    assert "BORDER" not in listed.text


def test_action_about_the_perpetrator_is_not_handed_over_to_the_new_area(forces: TwoForces, border: Callers) -> None:
    """The officer who has it would read in it which area the victim moves to."""
    first = forces.here.hub.post("/v1/referrals", a_referral()).json()
    actions = forces.here.chair.get("/v1/actions", case_id=first["case_id"], limit=200).json()["items"]
    theirs = [action["id"] for action in actions if action["owner_agency"] == "ANYTOWN-PROBATION"]

    sent = CARRIED | {"to_area": "BORDER", "actions_handed_over": theirs}
    refused = forces.here.coordinator.post(f"/v1/cases/{first['case_id']}/transfers", sent)

    assert theirs
    assert refused.status_code == 422, refused.text
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
        ("/actions_handed_over", "about_the_perpetrator")
    ]
