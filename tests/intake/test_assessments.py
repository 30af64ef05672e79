"""Every report keeps its own assessment. The highest current one stands until a named person lowers that report's."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral, an_incident

Body = dict[str, Any]
MEDIUM = {"tool": "DASH24", "ticks": 9, "unanswered": 0, "completed": True, "officer_grade": "MEDIUM"}
STANDARD = {"tool": "DASH24", "ticks": 3, "unanswered": 0, "completed": True, "officer_grade": "STANDARD"}
HIGH = {"tool": "DASH24", "ticks": 16, "unanswered": 0, "completed": True, "officer_grade": "HIGH", "seen_alone": True}
HIGH_BY_GRADE = HIGH | {"ticks": 9}
WHY = "Seen alone and asked again: the threats were made by somebody else"
IN_MAPPA = {"ref": "P-1", "age": 41, "in_custody": False, "mappa": {"not_managed": True}, "convictions": []}


def referred(caller: Caller, reference: str, assessment: Body, **changes: Any) -> Body:
    body = a_referral(reference, perpetrator=IN_MAPPA, assessment=assessment, **changes)
    answer = caller.post("/v1/referrals", body)
    assert answer.status_code == 201, answer.text
    routed: Body = answer.json()
    return routed


def decision(routed: Body) -> Body:
    made: Body = routed["decision"]["decision"]
    return made


def newest_decision(callers: Callers, referral_id: str) -> Body:
    made: Body = callers.hub.get(f"/v1/referrals/{referral_id}/decisions").json()["items"][-1]["decision"]
    return made


def reported(callers: Callers, routed: Body, assessment: Body, at: str) -> Body:
    path = f"/v1/referrals/{routed['referral_id']}/incidents"
    answer = callers.hub.post(path, {"incident": an_incident(at), "assessment": assessment})
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def lowered(caller: Caller, routed: Body, grade: str = "STANDARD", person: str | None = "jo.smith", **more: Any) -> Any:
    path = f"/v1/referrals/{routed['referral_id']}/assessment-reviews"
    named = caller.on_behalf_of(person) if person else {}
    return caller.post(path, {"grade": grade, "reason": WHY, **more}, **named)


def open_duties(callers: Callers, case_id: str) -> set[str]:
    items = callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return {one["duty"] for one in items if one["state"] == "OPEN"}


def asked_of(callers: Callers, case_id: str) -> set[str]:
    needs = callers.chair.get(f"/v1/cases/{case_id}").json()["needs"]
    return {one["forum"] for need in needs for one in need["proposals"] if one["state"] == "PROPOSED"}


def test_row_25_lower_forms_after_a_high_one_end_nothing(callers: Callers, clock: SettableClock) -> None:
    high = referred(callers.hub, "DV-1", HIGH)
    owed, asked = open_duties(callers, high["case_id"]), asked_of(callers, high["case_id"])
    clock.set(clock.now() + timedelta(hours=3))

    medium = reported(callers, high, MEDIUM, "2026-03-10T12:00:00Z")
    clock.set(clock.now() + timedelta(hours=1))
    standard = referred(callers.hub, "DV-2", STANDARD, incidents=[])

    for later in (medium, standard):
        facts = decision(later)["facts"]
        assert (facts["grade"], facts["ticks"]) == ("HIGH", 16)
        assert decision(later)["outcomes"]["marac"] == "yes"
    assert "MARAC" in asked <= asked_of(callers, high["case_id"])
    contact, plan, notice = "D06", "D08", "D31"
    assert {contact, plan, notice} <= owed <= open_duties(callers, high["case_id"])


def test_row_27_partner_s_standard_lowers_nothing_and_both_are_kept(callers: Callers, clock: SettableClock) -> None:
    high = referred(callers.hub, "DV-1", HIGH)
    clock.set(clock.now() + timedelta(hours=3))
    path = f"/v1/cases/{high['case_id']}/incidents"

    answer = callers.idva.post(path, {"incident": an_incident("2026-03-10T12:00:00Z"), "assessment": STANDARD})

    assert answer.status_code == 201, answer.text
    assert newest_decision(callers, high["referral_id"])["facts"]["grade"] == "HIGH"
    kept = callers.hub.get(f"/v1/referrals/{high['referral_id']}/assessments").json()["items"]
    assert [(one["author"], one["grade"], one["ticks"]) for one in kept] == [
        ("ANYTOWN-POLICE", "HIGH", 16),
        ("ANYTOWN-IDVA", "STANDARD", 3),
    ]


def test_named_person_lowers_the_grade_of_one_report_with_a_reason(callers: Callers, clock: SettableClock) -> None:
    high = referred(callers.hub, "DV-1", HIGH_BY_GRADE)
    clock.set(clock.now() + timedelta(hours=1))

    answer = lowered(callers.chair, high, "MEDIUM")

    assert answer.status_code == 201, answer.text
    assert decision(answer.json())["facts"]["grade"] == "MEDIUM"
    assert answer.json()["decision"]["because"] == f"ANYTOWN-MARAC/jo.smith set the grade MEDIUM: {WHY}"
    (kept,) = callers.hub.get(f"/v1/referrals/{high['referral_id']}/assessments").json()["items"]
    assert [(one["grade"], one["reason"]) for one in kept["reviews"]] == [("MEDIUM", WHY)]


def test_nobody_lowers_a_grade_without_naming_the_person(callers: Callers) -> None:
    high = referred(callers.hub, "DV-1", HIGH_BY_GRADE)

    answer = lowered(callers.hub, high, person=None)

    assert (answer.status_code, answer.json()["code"]) == (422, "no-person")
    assert newest_decision(callers, high["referral_id"])["facts"]["grade"] == "HIGH"


def test_ticks_and_dangers_are_never_lowered_by_judgement(callers: Callers, clock: SettableClock) -> None:
    high = referred(callers.hub, "DV-1", HIGH | {"strangulation": True, "judged_high": True})
    clock.set(clock.now() + timedelta(hours=1))

    facts = decision(lowered(callers.hub, high).json())["facts"]

    assert (facts["grade"], facts["judged_high"]) == ("STANDARD", False)
    assert (facts["ticks"], facts["red_flag"]) == (16, True)


def test_review_belongs_to_its_report_and_the_next_report_is_graded_anew(
    callers: Callers, clock: SettableClock
) -> None:
    first = referred(callers.hub, "DV-1", HIGH_BY_GRADE)
    clock.set(clock.now() + timedelta(hours=1))
    lowered(callers.hub, first).raise_for_status()
    clock.set(clock.now() + timedelta(hours=1))

    after = reported(callers, first, HIGH_BY_GRADE, "2026-03-10T11:00:00Z")

    assert decision(after)["facts"]["grade"] == "HIGH"
    incident = callers.hub.get(f"/v1/referrals/{first['referral_id']}/assessments").json()["items"][1]["incident_id"]
    clock.set(clock.now() + timedelta(hours=1))
    assert decision(lowered(callers.hub, first, incident_id=incident).json())["facts"]["grade"] == "STANDARD"


def test_hub_s_grade_ends_with_the_window_of_its_report(callers: Callers, clock: SettableClock) -> None:
    first = referred(callers.hub, "DV-1", MEDIUM | {"hub_grade": "HIGH"})
    clock.set(clock.now() + timedelta(days=400))

    after = reported(callers, first, STANDARD, "2027-04-13T08:00:00Z")

    assert decision(first)["facts"]["grade"] == "HIGH"
    assert decision(after)["facts"]["grade"] == "STANDARD"


def test_review_of_an_incident_of_another_referral_is_not_found(callers: Callers) -> None:
    high = referred(callers.hub, "DV-1", HIGH)

    assert lowered(callers.hub, high, incident_id="inc_0123").status_code == 404


def test_form_whose_questions_are_open_stays_open_after_a_lower_complete_one(
    callers: Callers, clock: SettableClock
) -> None:
    unanswered = {"tool": "DASH24", "ticks": 8, "unanswered": 10, "officer_grade": "MEDIUM"}
    first = referred(callers.hub, "DV-1", unanswered)
    clock.set(clock.now() + timedelta(hours=1))

    second = referred(callers.hub, "DV-2", STANDARD, incidents=[])
    clock.set(clock.now() + timedelta(hours=1))
    path = f"/v1/referrals/{first['referral_id']}/facts"
    answered = callers.hub.post(path, {"assessment": {"ticks": 9, "unanswered": 0}}).json()

    assert [decision(one)["facts"]["ticks"] for one in (first, second, answered)] == [None, None, 9]


def test_row_15_case_heard_elsewhere_four_months_ago_is_a_repeat_whatever_its_grade(callers: Callers) -> None:
    heard = referred(callers.hub, "DV-1", STANDARD, marac_history={"last_heard_on": "2025-11-09"})

    assert decision(heard)["facts"]["repeat"] is True
    assert "MARAC-06" in {finding["rule"] for finding in decision(heard)["findings"]}
    assert "MARAC" in asked_of(callers, heard["case_id"])


@pytest.mark.parametrize(
    ("history", "repeat"),
    [({}, False), ({"heard": False}, False), ({"heard": True}, None), ({"last_heard_on": "2024-01-01"}, False)],
)
def test_history_without_a_hearing_in_the_window_is_no_repeat_and_one_without_a_date_is_open(
    callers: Callers, history: Body, repeat: bool | None
) -> None:
    routed = referred(callers.hub, "DV-1", STANDARD, marac_history=history)

    assert decision(routed)["facts"]["repeat"] is repeat


def test_history_that_contradicts_itself_is_refused_by_name(callers: Callers) -> None:
    body = a_referral(marac_history={"heard": False, "last_heard_on": "2025-11-09"})

    answer = callers.hub.post("/v1/referrals", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/marac_history")
