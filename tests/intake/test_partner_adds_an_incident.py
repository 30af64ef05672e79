"""A partner with a part in the case adds what the victim told it, and the case is decided anew."""

from tests.given import Callers, a_serial_perpetrator, an_incident


def test_partner_with_an_action_in_the_case_adds_an_incident_and_it_counts(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    sent = {"incident": an_incident("2026-03-10T08:00:00Z")}

    answer = callers.idva.post(f"/v1/cases/{routed['case_id']}/incidents", sent)

    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"case_id", "incident_recorded_at", "deceased", "retracted"}
    decisions = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"]
    assert [decision["because"] for decision in decisions] == ["referral received", "new incident"]


def test_agency_without_a_part_in_the_case_cannot_tell_that_it_exists(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    actions = callers.coordinator.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    assert not any(action["owner_agency"] == "ANYTOWN-BOARD" for action in actions)

    answer = callers.council.post(f"/v1/cases/case_{'0' * 32}/incidents", {"incident": an_incident()})

    assert answer.status_code == 404
