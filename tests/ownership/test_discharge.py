"""MARAC hears a case once and discharges it, but never while nobody has accepted the perpetrator (review 14.2.4)."""

from typing import Any

from tests.given import Callers, a_serial_perpetrator, an_incident
from tests.ownership.test_handshake import need_of, proposal_to

PLAN = "IDVA keeps weekly contact; probation manages the perpetrator at level one"


def _accept(callers: Callers, body: dict[str, Any]) -> None:
    perpetrator = proposal_to(need_of(body), "MAPPA_L1_LEAD_AGENCY")
    callers.probation.post(f"/v1/proposals/{perpetrator['id']}/acceptances", {}).raise_for_status()


def _open_actions(callers: Callers, case_id: str) -> list[str]:
    listed = callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return [action["id"] for action in listed]


def test_discharge_is_refused_while_nobody_has_taken_the_perpetrator(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    named = _open_actions(callers, body["case_id"])

    answer = callers.chair.post(f"/v1/cases/{body['case_id']}/discharges", {"plan": PLAN, "actions_continue": named})

    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "discharge-without-owner"
    assert [blocked["need"] for blocked in problem["blocked_by"]] == ["PERPETRATOR"]
    assert problem["next_moves"]


def test_discharge_is_refused_while_marac_itself_owns_the_victims_safety(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    _accept(callers, body)
    victim = proposal_to(need_of(body, "VICTIM_SAFETY"), "MARAC")
    callers.coordinator.post(f"/v1/proposals/{victim['id']}/acceptances", {}).raise_for_status()

    answer = callers.chair.post(
        f"/v1/cases/{body['case_id']}/discharges",
        {"plan": PLAN, "actions_continue": _open_actions(callers, body["case_id"])},
    )

    assert [blocked["need"] for blocked in answer.json()["blocked_by"]] == ["VICTIM_SAFETY"]


def test_discharge_is_refused_until_every_open_action_is_named(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    _accept(callers, body)

    answer = callers.chair.post(f"/v1/cases/{body['case_id']}/discharges", {"plan": PLAN})

    assert answer.status_code == 409
    assert answer.json()["code"] == "discharge-with-open-actions"


def test_discharge_is_recorded_once_the_perpetrator_is_accepted_and_every_action_is_named(
    callers: Callers,
) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    _accept(callers, body)

    answer = callers.chair.post(
        f"/v1/cases/{body['case_id']}/discharges",
        {"plan": PLAN, "actions_continue": _open_actions(callers, body["case_id"])},
    )

    assert answer.status_code == 201, answer.text
    assert callers.chair.get(f"/v1/cases/{body['case_id']}").json()["discharges"][0]["plan"] == PLAN


def test_discharge_after_news_does_not_wait_for_a_forum_that_the_news_had_asked(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    _accept(callers, body)
    path, incident = f"/v1/cases/{body['case_id']}/discharges", an_incident("2026-03-10T01:00:00Z")
    discharge = {"plan": PLAN, "actions_continue": _open_actions(callers, body["case_id"])}
    callers.chair.post(path, discharge).raise_for_status()
    news = callers.hub.post(f"/v1/referrals/{body['referral_id']}/incidents", {"incident": incident})
    asked = proposal_to(need_of(news.json()), "MATAC")

    again = callers.chair.post(path, {"plan": PLAN, "actions_continue": _open_actions(callers, body["case_id"])})

    assert asked["state"] == "PROPOSED"
    assert again.status_code == 201, again.text
