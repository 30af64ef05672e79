"""Of one report the most protective statement stands until a named person lowers it; a program only raises it."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral

Body = dict[str, Any]
HIGH = {
    "tool": "DASH24",
    "ticks": 16,
    "unanswered": 0,
    "officer_grade": "HIGH",
    "judged_high": True,
    "seen_alone": True,
}
DANGEROUS = HIGH | {"judgement_reason": "Threats on the telephone", "strangulation": True}
IN_MAPPA = {"ref": "P-1", "age": 41, "in_custody": False, "mappa": {"not_managed": True}, "convictions": []}
LOWER: list[tuple[str, Any]] = [
    ("officer_grade", "STANDARD"),
    ("ticks", 3),
    ("judged_high", False),
    ("strangulation", False),
]
FACT = {"officer_grade": "grade", "ticks": "ticks", "judged_high": "judged_high", "strangulation": "strangulation"}


@pytest.fixture
def high(callers: Callers, clock: SettableClock) -> Body:
    routed: Body = callers.hub.post("/v1/referrals", a_referral(perpetrator=IN_MAPPA, assessment=DANGEROUS)).json()
    clock.set(clock.now() + timedelta(hours=1))
    return routed


def told(callers: Callers, high: Body, assessment: Body, person: str | None = None) -> Any:
    named = callers.hub.on_behalf_of(person) if person else {}
    path = f"/v1/referrals/{high['referral_id']}/facts"
    return callers.hub.post(path, {"assessment": assessment}, **named)


def facts(answer: Any) -> Body:
    found: Body = answer.json()["decision"]["decision"]["facts"]
    return found


@pytest.mark.parametrize(("part", "value"), LOWER)
def test_program_states_its_report_lower_and_the_higher_stands(
    part: str, value: Any, high: Body, callers: Callers
) -> None:
    answer = told(callers, high, {part: value})

    assert answer.status_code == 201, answer.text
    assert facts(answer)[FACT[part]] == DANGEROUS[part]
    says = answer.json()["not_lowered"]
    assert f"/assessment/{part}" in says
    assert f"/v1/referrals/{high['referral_id']}/assessment-reviews" in says
    needs = callers.chair.get(f"/v1/cases/{high['case_id']}").json()["needs"]
    assert {one["state"] for need in needs for one in need["proposals"] if one["forum"] == "MARAC"} == {"PROPOSED"}
    kept = callers.hub.get(f"/v1/referrals/{high['referral_id']}").json()
    assert kept["learned"] == [{"assessment": {part: value}}]


def test_what_a_program_would_have_lowered_is_asked_of_the_hub(high: Body, callers: Callers) -> None:
    told(callers, high, {"officer_grade": "STANDARD"})

    enquiries = callers.hub.get("/v1/enquiries", case_id=high["case_id"]).json()["items"]
    (review,) = [item for one in enquiries for item in one["items"] if item["fact"] == "hub_review"]
    assert "assessment: officer grade" in review["ask"]


@pytest.mark.parametrize("nothing", [{part: None} for part, _ in LOWER])
def test_program_takes_back_nothing_that_protects(nothing: Body, high: Body, callers: Callers) -> None:
    answer = told(callers, high, nothing)

    assert (answer.status_code, answer.json()["code"]) == (422, "no-person")
    assert callers.hub.get(f"/v1/referrals/{high['referral_id']}").json()["learned"] == []
    assert facts(told(callers, high, {"seen": True}))["grade"] == "HIGH"


def test_named_person_corrects_what_was_entered_in_error(high: Body, callers: Callers) -> None:
    corrected = told(callers, high, {"ticks": 6, "strangulation": False}, "jo.smith")

    assert (facts(corrected)["ticks"], facts(corrected)["strangulation"]) == (6, False)
    assert corrected.json()["not_lowered"] is None
    taken_back = told(callers, high, {"ticks": None}, "jo.smith")
    assert taken_back.json()["retracted"] == ["/assessment/ticks"]
    assert facts(taken_back)["ticks"] is None


@pytest.mark.parametrize(("part", "value"), [("officer_grade", "STANDARD"), ("judged_high", False)])
def test_grade_and_judgement_are_lowered_by_a_review_and_not_by_a_fact(
    part: str, value: Any, high: Body, callers: Callers
) -> None:
    assert facts(told(callers, high, {part: value}, "jo.smith"))[FACT[part]] == DANGEROUS[part]

    lowered = callers.hub.post(
        f"/v1/referrals/{high['referral_id']}/assessment-reviews",
        {"grade": "STANDARD", "reason": "The form was filled in for another person"},
        **callers.hub.on_behalf_of("jo.smith"),
    )

    assert facts(lowered)[FACT[part]] == value


def test_program_raises_its_report(high: Body, callers: Callers) -> None:
    raised = told(callers, high, {"ticks": 20, "weapon": True})

    assert (facts(raised)["ticks"], raised.json()["not_lowered"]) == (20, None)
