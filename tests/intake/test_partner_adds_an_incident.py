"""A partner with a part in the case adds what the victim told it, and the case is decided anew."""

from typing import Any

from tests.given import Callers, a_serial_perpetrator, an_incident, not_high_risk


def test_partner_with_an_action_in_the_case_adds_an_incident_and_it_counts(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    sent = {"incident": an_incident("2026-03-10T08:00:00Z")}

    answer = callers.idva.post(f"/v1/cases/{routed['case_id']}/incidents", sent)

    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"case_id", "incident_id", "incident_recorded_at", "deceased", "retracted"}
    decisions = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"]
    assert [decision["because"] for decision in decisions] == ["referral received", "new incident"]


def test_agency_without_a_part_in_the_case_cannot_tell_that_it_exists(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    actions = callers.coordinator.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    assert not any(action["owner_agency"] == "ANYTOWN-BOARD" for action in actions)

    answer = callers.council.post(f"/v1/cases/case_{'0' * 32}/incidents", {"incident": an_incident()})

    assert answer.status_code == 404


WHY = "The form was filled in for another person"


def reported_high(callers: Callers) -> tuple[dict[str, Any], str]:
    """A MEDIUM case, to which the IDVA service added a report that it graded HIGH; with the path of that report."""
    medium = not_high_risk() | {"ticks": 15}
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator(assessment=medium)).json()
    sent = {"incident": an_incident("2026-03-10T08:00:00Z"), "assessment": {"officer_grade": "HIGH"}}
    added = callers.idva.post(f"/v1/cases/{routed['case_id']}/incidents", sent).json()
    return routed, f"/v1/cases/{routed['case_id']}/incidents/{added['incident_id']}/assessment-reviews"


def grade_of(callers: Callers, routed: dict[str, Any]) -> Any:
    decisions = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"]
    return decisions[-1]["decision"]["facts"]["grade"]


def test_partner_lowers_its_own_report_by_a_named_person_with_the_reason(callers: Callers) -> None:
    routed, path = reported_high(callers)
    assert grade_of(callers, routed) == "HIGH"
    named = callers.idva.on_behalf_of("ana.lima")

    assert callers.idva.post(path, {"grade": "MEDIUM", "reason": WHY}).json()["code"] == "no-person"
    answer = callers.idva.post(path, {"grade": "MEDIUM", "reason": WHY}, **named)

    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"case_id", "incident_id", "grade", "reviewed_at"}
    assert grade_of(callers, routed) == "MEDIUM"
    newest = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"][-1]
    assert newest["because"] == f"ANYTOWN-IDVA/ana.lima set the grade MEDIUM: {WHY}"


def test_partner_cannot_tell_another_agency_s_report_from_none(callers: Callers) -> None:
    routed, path = reported_high(callers)
    theirs = callers.hub.post(
        f"/v1/referrals/{routed['referral_id']}/incidents",
        {"incident": an_incident("2026-03-10T09:00:00Z"), "assessment": {"officer_grade": "HIGH"}},
    )
    assert theirs.status_code == 201
    reports = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/assessments").json()["items"]
    (of_the_hub,) = [one["incident_id"] for one in reports if one["incident_id"] and one["author"] == "ANYTOWN-POLICE"]
    mine, named = path.split("/")[5], callers.idva.on_behalf_of("ana.lima")

    answers = [
        callers.idva.post(path.replace(mine, other), {"grade": "STANDARD", "reason": WHY}, **named)
        for other in (of_the_hub, f"inc_{'0' * 32}")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert grade_of(callers, routed) == "HIGH"
