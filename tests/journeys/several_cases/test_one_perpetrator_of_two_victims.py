"""What was looked up of a perpetrator for one victim is known for the next: the level, the licence, the convictions.

DHR "Jean" 14.1.5 and 14.1.13: each service knew of its own person only.
"""

from typing import Any

from tests.given import a_referral
from tests.journeys.hours import HIGH, STANDARD, Hours

Row = dict[str, Any]
MEDIUM: Row = {"tool": "DASH24", "ticks": 4, "unanswered": 0, "officer_grade": "MEDIUM", "seen_alone": True}
LICENCE: Row = {"kind": "LICENCE", "service": "ANYTOWN-PROBATION", "ends_on": "2026-12-01"}
AT_LEVEL_2: Row = {"ref": "P-1", "mappa": {"level": 2, "category": 2}, "licences": [LICENCE]}
NEXT_VICTIM: Row = {"victim": {"ref": "V-2", "age": 31}}


def test_level_and_licence_told_for_one_victim_count_for_the_next(hours: Hours) -> None:
    hours.report(MEDIUM, perpetrator=AT_LEVEL_2)

    second = hours.report(HIGH, **NEXT_VICTIM)

    known = hours.newest(second)["facts"]
    assert (known["mappa_level"], known["supervised"], known["category_3"]) == ("2", True, False)
    assert hours.newest(second)["perpetrator"]["forum"] == "MAPPA_L2"
    assert {"D18", "D23"} & hours.duties(second)


def test_what_is_learned_later_for_one_victim_counts_for_the_next(hours: Hours) -> None:
    first = hours.report(MEDIUM)
    hours.report(STANDARD, **NEXT_VICTIM)
    hours.learn(first, {"perpetrator": {"mappa": {"level": 3}}})

    third = hours.report(STANDARD, victim={"ref": "V-3", "age": 40})

    assert hours.newest(third)["facts"]["mappa_level"] == "3"


def test_what_happened_to_one_victim_is_no_fact_of_the_next(hours: Hours) -> None:
    hours.report(HIGH, perpetrator={"ref": "P-1", "in_custody": True, "breach_suspected": True}, consent="REFUSED")

    second = hours.report(STANDARD, **NEXT_VICTIM)

    known = hours.newest(second)["facts"]
    assert (known["grade"], known["incidents_in_window"], known["ticks"]) == ("STANDARD", 1, 3)
    assert (known["in_custody"], known["breach_suspected"]) == (None, None)


def test_lower_level_of_another_agency_for_the_next_victim_is_asked_about(hours: Hours) -> None:
    hours.report(MEDIUM, perpetrator=AT_LEVEL_2)
    second = hours.report(STANDARD, **NEXT_VICTIM)

    lower = {"perpetrator": {"mappa": {"level": 1}}}
    hours.callers.idva.post(f"/v1/cases/{second['case_id']}/incidents", lower)

    assert hours.newest(second)["facts"]["mappa_level"] == "2"


def test_preview_knows_what_the_referral_will_know(hours: Hours) -> None:
    hours.report(MEDIUM, perpetrator=AT_LEVEL_2)
    body = a_referral(assessment=HIGH, source_reference="DV-2", victim={"ref": "V-2"}, perpetrator={"ref": "P-1"})

    preview = hours.callers.hub.post("/v1/routing-previews", body).json()["decision"]["facts"]
    stored = hours.callers.hub.post("/v1/referrals", body).json()["decision_id"]

    assert preview["mappa_level"] == "2"
    assert preview == hours.callers.hub.get(f"/v1/decisions/{stored}").json()["decision"]["facts"]
