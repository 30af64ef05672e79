"""A is reported for harming B, and B for harming A: both cases say so, and a person looks at the pair once.

Source: SafeLives, guidance on counter-allegations; DHR "Jean" 14.1.27: roles belong to an incident.
"""

from datetime import timedelta
from typing import Any

from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral, an_incident, not_high_risk

Body = dict[str, Any]
NHS = [{"kind": "NHS", "value": "9434765919"}]


def refer(callers: Callers, reference: str, victim: str, perpetrator: str, **changes: Any) -> Body:
    sent = a_referral(
        reference,
        assessment=not_high_risk(),
        **{"victim": {"ref": victim}, "perpetrator": {"ref": perpetrator, "in_custody": False}} | changes,
    )
    answer = callers.hub.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def warnings(routed: Body) -> set[str]:
    return {warning["id"] for warning in routed["decision"]["decision"]["warnings"]}


def facts(routed: Body) -> Body:
    found: Body = routed["decision"]["decision"]["facts"]
    return found


def to_review(callers: Callers) -> list[Body]:
    items: list[Body] = callers.coordinator.get("/v1/cases-to-review").json()["items"]
    return items


def prompts(callers: Callers, case_id: str) -> list[Body]:
    items = callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return [action for action in items if action["duty"] == "REVIEW_OTHER_CASE"]


def decide_anew(callers: Callers, case_id: str) -> Body:
    answer = callers.coordinator.post(f"/v1/cases/{case_id}/decisions", {"reason": "Crossed reports"})
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def a_day_later(clock: SettableClock) -> None:
    clock.set(clock.now() + timedelta(days=1))


def test_crossed_roles_are_warned_of_on_both_cases(callers: Callers, clock: SettableClock) -> None:
    first = refer(callers, "DV-1", "B", "A")
    a_day_later(clock)
    second = refer(callers, "DV-2", "A", "B")
    a_day_later(clock)

    again = decide_anew(callers, first["case_id"])

    assert "WARN-07" not in warnings(first)
    assert "WARN-07" in warnings(second)
    assert "WARN-07" in warnings(again)


def test_owner_of_the_first_case_is_asked_and_the_pair_is_one_line_until_it_is_decided_anew(
    callers: Callers, clock: SettableClock
) -> None:
    first = refer(callers, "DV-1", "B", "A")
    a_day_later(clock)
    second = refer(callers, "DV-2", "A", "B")

    (line,) = to_review(callers)
    (prompt,) = prompts(callers, first["case_id"])

    assert line["case_id"] == first["case_id"]
    assert [one["case_id"] for one in line["crossed_with"]] == [second["case_id"]]
    assert line["crossed_with"][0]["decide"] is None
    assert "opposite roles" in prompt["what"]
    assert second["case_reference"] not in prompt["what"] + prompt["done_when"]
    assert prompts(callers, second["case_id"]) == []
    a_day_later(clock)
    decide_anew(callers, first["case_id"])
    assert to_review(callers) == []


def test_pair_is_one_line_though_both_cases_wait(callers: Callers, clock: SettableClock) -> None:
    first = refer(callers, "DV-1", "B", "A")
    a_day_later(clock)
    second = refer(callers, "DV-2", "A", "B")
    a_day_later(clock)
    refer(callers, "DV-3", "A", "C")  # A is harmed by somebody else: the second case waits too

    (line,) = to_review(callers)

    assert line["case_id"] == first["case_id"]
    (other,) = line["crossed_with"]
    assert other["case_id"] == second["case_id"]
    assert other["decide"] == f"/v1/cases/{second['case_id']}/decisions"
    assert len(other["opened_since"]) == 1


def test_incidents_with_the_opposite_roles_count_for_neither_case(callers: Callers, clock: SettableClock) -> None:
    days = ["2026-03-01T20:00:00Z", "2026-03-03T20:00:00Z"]
    refer(callers, "DV-1", "B", "A", incidents=[an_incident(day) for day in days])
    a_day_later(clock)

    second = refer(callers, "DV-2", "A", "B", incidents=[an_incident("2026-03-05T20:00:00Z")])

    assert facts(second)["roles_reversed"] is True
    assert facts(second)["incidents_in_window"] == 1
    assert facts(second)["victims_in_window"] == 1
    assert facts(second)["repeat"] is not True
    assert second["decision"]["decision"]["outcomes"]["marac"] == "no"


def test_crossed_incident_inside_one_referral_warns_at_once(callers: Callers) -> None:
    crossed = an_incident("2026-03-02T20:00:00Z", victim_ref="A", perpetrator_ref="B")

    routed = refer(callers, "DV-1", "B", "A", incidents=[an_incident(), crossed])

    assert "WARN-07" in warnings(routed)
    assert facts(routed)["incidents_in_window"] == 1
    assert to_review(callers) == []


def test_incident_added_later_prompts_the_case_whose_decision_does_not_know_it(
    callers: Callers, clock: SettableClock
) -> None:
    first = refer(callers, "DV-1", "B", "A", incidents=[])
    second = refer(callers, "DV-2", "A", "B", incidents=[])
    a_day_later(clock)

    path = f"/v1/referrals/{second['referral_id']}/incidents"
    callers.hub.post(path, {"incident": an_incident("2026-03-11T08:00:00Z")}).raise_for_status()

    assert first["case_id"] in {line["case_id"] for line in to_review(callers)}
    assert len(prompts(callers, first["case_id"])) == 1


def test_crossed_roles_are_seen_under_other_pseudonyms_and_a_preview_sees_them_too(
    callers: Callers, clock: SettableClock
) -> None:
    sent = a_referral("DV-1", victim={"ref": "B-1", "identifiers": NHS}, perpetrator={"ref": "A"})
    first = callers.hub.post("/v1/referrals", sent).json()
    a_day_later(clock)
    known = {"ref": "B-2", "identifiers": NHS, "in_custody": False}
    sent = a_referral("DV-2", assessment=not_high_risk(), victim={"ref": "A"}, perpetrator=known)

    preview = callers.hub.post("/v1/routing-previews", sent).json()
    second = callers.hub.post("/v1/referrals", sent).json()

    assert preview["decision"] == second["decision"]["decision"]
    assert "WARN-07" in warnings(second)
    assert [line["case_id"] for line in to_review(callers)] == [first["case_id"]]


def test_people_of_another_pair_are_no_crossed_roles(callers: Callers, clock: SettableClock) -> None:
    refer(callers, "DV-1", "B", "A")
    a_day_later(clock)

    other = refer(callers, "DV-2", "A", "C")

    assert "WARN-07" not in warnings(other)
    assert to_review(callers) == []


def test_crossed_reports_without_an_incident_are_warned_of_on_both_cases(
    callers: Callers, clock: SettableClock
) -> None:
    first = refer(callers, "DV-1", "B", "A", incidents=[])
    a_day_later(clock)

    second = refer(callers, "DV-2", "A", "B", incidents=[])

    assert "WARN-07" in warnings(second)
    assert "WARN-07" in warnings(decide_anew(callers, first["case_id"]))
