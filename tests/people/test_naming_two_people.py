"""Whoever names two people whom this service knows learns nothing of their case, in another area or in their own.

Source: design note on access, finding 1 and section 2: joining by pseudonym grants its sender nothing. Two pseudonyms
from a council's own records were enough to read where another area protects a victim.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response

from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral, an_incident, not_high_risk
from tests.people.conftest import TwoForces

Body = dict[str, Any]
MADE_UP = re.compile(r"\b(ref|case|need|dec|act|evt|req|enq)_[0-9a-f]{32}\b|\b[0-9A-HJKMNP-TV-Z]{10}\b")


def a_help_request(area: str, reference: str = "H-1") -> Body:
    return {
        "source_system": "HOUSING",
        "source_reference": reference,
        "area": area,
        "help_sought_by": "OTHER_AGENCY",
        "victim": {"ref": "V-1"},
        "perpetrator": {"ref": "P-1"},
    }


def without_ids(answer: Response) -> tuple[int, str, list[str]]:
    """The answer as far as it can say something: status, text, and the names of its headers."""
    return answer.status_code, MADE_UP.sub("(id)", answer.text), sorted(answer.headers)


def asks_for_help(caller: Caller, area: str) -> tuple[int, str, list[str]]:
    return without_ids(caller.post("/v1/help-requests", a_help_request(area)))


@pytest.fixture
def known(forces: TwoForces, clock: SettableClock) -> Body:
    """The two people have a case in Anytown."""
    body: Body = forces.here.hub.post("/v1/referrals", a_referral()).json()
    clock.set(clock.now() + timedelta(days=1))
    return body


@pytest.mark.parametrize("area", ["OTHERTOWN", "ANYTOWN"])
@pytest.mark.parametrize("is_known", [True, False])
def test_answer_to_a_council_is_the_same_for_people_who_are_known_and_unknown(
    area: str, is_known: bool, forces: TwoForces, clock: SettableClock
) -> None:
    """Each world is compared with what the answer is meant to be."""
    if is_known:
        forces.here.hub.post("/v1/referrals", a_referral()).raise_for_status()
    clock.set(clock.now() + timedelta(days=1))
    council = (forces.there if area == "OTHERTOWN" else forces.here).council

    status, said, _ = asks_for_help(council, area)

    assert status == 201
    assert said == (
        '{"referral_id":"(id)","received_at":"2026-03-11T09:30:00Z","held_by_role":"PVP_HUB",'
        f'"held_by_agency":"{area}-POLICE","answered_by":"2026-03-12","contact":null}}'
    )


@pytest.mark.parametrize("where", ["here", "there"])
def test_council_that_names_them_reads_nothing_of_their_case(where: str, forces: TwoForces, known: Body) -> None:
    callers: Callers = getattr(forces, where)
    area = {"here": "ANYTOWN", "there": "OTHERTOWN"}[where]
    reads = [
        f"/v1/cases/{known['case_id']}",
        *(f"/v1/needs/{need['id']}" for need in known["needs"]),
    ]
    unknown = callers.council.get("/v1/cases/case_00000000000000000000000000000000")

    asks_for_help(callers.council, area)

    assert {callers.council.get(path).status_code for path in reads} == {404}
    found = callers.council.get(reads[0])
    assert without_ids(found)[0] == without_ids(unknown)[0]
    assert found.json()["detail"] == unknown.json()["detail"]
    assert known["case_id"] not in callers.council.get("/v1/referrals").text
    assert callers.council.get("/v1/actions", case_id=known["case_id"]).json()["items"] == []
    assert known["case_id"] not in callers.council.get("/v1/events").text
    assert known["case_id"] not in callers.council.get("/v1/inbox").text


def test_hub_of_another_area_has_a_case_of_its_own_and_reads_nothing_of_the_first(
    forces: TwoForces, known: Body
) -> None:
    sent = forces.there.hub.post("/v1/referrals", a_referral("DV-9", area="OTHERTOWN")).json()

    assert sent["case_id"] != known["case_id"]
    assert forces.there.hub.get(f"/v1/cases/{known['case_id']}").status_code == 404
    own = forces.there.hub.get(f"/v1/cases/{sent['case_id']}").json()
    safety = next(need for need in own["needs"] if need["kind"] == "VICTIM_SAFETY")
    assert safety["id"] not in {need["id"] for need in known["needs"]}
    assert safety["owner"]["agency"] == "OTHERTOWN-POLICE"
    assert "ANYTOWN" not in str(safety)


def test_hub_of_another_area_reads_no_assessment_of_the_first(forces: TwoForces, known: Body) -> None:
    sent = forces.there.hub.post("/v1/referrals", a_referral("DV-9", area="OTHERTOWN")).json()

    shown = forces.there.hub.get(f"/v1/referrals/{sent['referral_id']}/assessments")

    assert [one["author"] for one in shown.json()["items"]] == ["OTHERTOWN-POLICE"]
    assert "ANYTOWN" not in shown.text


def test_preview_names_no_case_of_another_area(forces: TwoForces, known: Body) -> None:
    preview = forces.there.hub.post("/v1/routing-previews", a_referral("DV-9", area="OTHERTOWN"))

    assert preview.json()["case_id"] is None
    assert known["case_id"] not in preview.text


def test_second_report_to_one_area_adds_to_its_case(forces: TwoForces, known: Body) -> None:
    again = forces.here.hub.post("/v1/referrals", a_referral("DV-2")).json()

    assert again["case_id"] == known["case_id"]
    assert [need["id"] for need in again["needs"]] == [need["id"] for need in known["needs"]]


def test_one_service_manages_the_perpetrator_in_whichever_area_they_are_reported(
    forces: TwoForces, known: Body
) -> None:
    sent = forces.there.hub.post("/v1/referrals", a_referral("DV-9", area="OTHERTOWN")).json()

    of_perpetrator = [
        next(need["id"] for need in body["needs"] if need["kind"] == "PERPETRATOR") for body in (known, sent)
    ]
    assert len(set(of_perpetrator)) == 1


def asked_to_look(caller: Caller, case_id: str) -> list[Body]:
    items = caller.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return [action for action in items if action["duty"] == "REVIEW_OTHER_CASE"]


def test_owners_of_the_first_case_are_asked_to_look_again_and_are_told_no_place(forces: TwoForces, known: Body) -> None:
    """DHR "Jean" 14.3.15: what another force heard reached nobody."""
    forces.there.hub.post("/v1/referrals", a_referral("DV-9", area="OTHERTOWN")).raise_for_status()

    (asked,) = asked_to_look(forces.here.chair, known["case_id"])
    assert (asked["owner_agency"], asked["due_on"]) == ("ANYTOWN-POLICE", "2026-03-12")
    assert "OTHERTOWN" not in str(asked)
    (listed,) = forces.here.coordinator.get("/v1/cases-to-review").json()["items"]
    assert (listed["case_id"], listed["reported_elsewhere"], listed["opened_since"]) == (known["case_id"], True, [])
    assert "OTHERTOWN" not in str(listed)


def test_first_case_decided_anew_counts_what_the_other_area_was_told(
    forces: TwoForces, known: Body, clock: SettableClock
) -> None:
    forces.there.hub.post("/v1/referrals", a_referral("DV-9", area="OTHERTOWN")).raise_for_status()
    clock.set(clock.now() + timedelta(hours=1))

    path = f"/v1/cases/{known['case_id']}/decisions"
    forces.here.coordinator.post(path, {"reason": "Reported elsewhere"}).raise_for_status()

    assert asked_to_look(forces.here.chair, known["case_id"]) == []
    assert forces.here.coordinator.get("/v1/cases-to-review").json()["items"] == []


def test_later_incident_in_the_other_area_asks_again(forces: TwoForces, known: Body, clock: SettableClock) -> None:
    sent = forces.there.hub.post("/v1/referrals", a_referral("DV-9", area="OTHERTOWN")).json()
    clock.set(clock.now() + timedelta(hours=1))
    forces.here.coordinator.post(f"/v1/cases/{known['case_id']}/decisions", {"reason": "Reported elsewhere"})
    clock.set(clock.now() + timedelta(hours=1))

    incident = {"incident": an_incident("2026-03-11T10:00:00Z")}
    forces.there.hub.post(f"/v1/referrals/{sent['referral_id']}/incidents", incident).raise_for_status()

    assert len(asked_to_look(forces.here.chair, known["case_id"])) == 1


def test_abuse_after_another_areas_marac_heard_the_two_is_a_repeat(forces: TwoForces, known: Body) -> None:
    """SafeLives: a repeat is one within twelve months of MARAC, and the receiving MARAC hears it."""
    later = an_incident("2026-03-11T08:00:00Z", force="OTHERTOWN-POLICE")

    sent = a_referral("DV-9", area="OTHERTOWN", assessment=not_high_risk(), incidents=[later])
    body = forces.there.hub.post("/v1/referrals", sent).json()

    decision = forces.there.hub.get(f"/v1/decisions/{body['decision_id']}").json()["decision"]
    assert decision["facts"]["repeat"] is True
    preview = forces.there.hub.post("/v1/routing-previews", sent | {"source_reference": "DV-10"})
    assert preview.json()["decision"]["facts"]["repeat"] is True


def test_owners_of_the_first_case_are_asked_again_when_the_other_area_learns_more(
    forces: TwoForces, known: Body, clock: SettableClock
) -> None:
    """The other area first reported a lower risk, and grades it HIGH once somebody was seen alone."""
    sent = a_referral("DV-9", area="OTHERTOWN", assessment=not_high_risk())
    body = forces.there.hub.post("/v1/referrals", sent).json()
    clock.set(clock.now() + timedelta(hours=1))
    forces.here.coordinator.post(f"/v1/cases/{known['case_id']}/decisions", {"reason": "Reported elsewhere"})
    clock.set(clock.now() + timedelta(hours=1))

    learned = {"assessment": a_referral()["assessment"]}
    forces.there.hub.post(f"/v1/referrals/{body['referral_id']}/facts", learned).raise_for_status()

    assert len(asked_to_look(forces.here.chair, known["case_id"])) == 1
    (listed,) = forces.here.coordinator.get("/v1/cases-to-review").json()["items"]
    assert (listed["case_id"], listed["reported_elsewhere"]) == (known["case_id"], True)


def test_owners_of_the_first_case_are_asked_again_when_the_other_area_answers_a_question(
    forces: TwoForces, known: Body, clock: SettableClock
) -> None:
    body = forces.there.hub.post("/v1/referrals", a_referral("DV-9", area="OTHERTOWN")).json()
    clock.set(clock.now() + timedelta(hours=1))
    forces.here.coordinator.post(f"/v1/cases/{known['case_id']}/decisions", {"reason": "Reported elsewhere"})
    clock.set(clock.now() + timedelta(hours=1))
    (enquiry,) = (
        one
        for one in forces.there.hub.get(f"/v1/cases/{body['case_id']}").json()["open_enquiries"]
        if one["role"] == "PVP_HUB"
    )

    answers = {"answers": [{"fact": "iom_registered", "kind": "VALUE", "value": True}]}
    answer = forces.there.hub.post(f"/v1/enquiries/{enquiry['id']}/answers", answers)
    assert answer.status_code == 201, answer.text

    assert len(asked_to_look(forces.here.chair, known["case_id"])) == 1


def test_owners_of_the_first_case_are_asked_again_when_the_other_area_raises_its_grade(
    forces: TwoForces, known: Body, clock: SettableClock
) -> None:
    sent = a_referral("DV-9", area="OTHERTOWN", assessment=not_high_risk())
    body = forces.there.hub.post("/v1/referrals", sent).json()
    clock.set(clock.now() + timedelta(hours=1))
    forces.here.coordinator.post(f"/v1/cases/{known['case_id']}/decisions", {"reason": "Reported elsewhere"})
    clock.set(clock.now() + timedelta(hours=1))

    graded = {"grade": "HIGH", "reason": "Seen alone today, and choked twice this week"}
    path = f"/v1/referrals/{body['referral_id']}/assessment-reviews"
    forces.there.hub.post(path, graded, **forces.there.hub.on_behalf_of("jo.smith")).raise_for_status()

    assert len(asked_to_look(forces.here.chair, known["case_id"])) == 1
