"""Who is said to be held, by whom and when: only what counts now ends the arrest plan (D36).

Sources: DHR "Jean" 17.17; `proportion.md` 3.4 (what protects ends only by its own fact).
"""

from typing import Any

import pytest

from tests.journeys.hours import HIGH, Hours
from tests.journeys.test_perpetrator_is_identified import MEDIUM

STRANGLED = HIGH | {"strangulation": True}
DAY = 24


def asked_of_hub(hours: Hours, body: dict[str, Any]) -> set[str]:
    """The questions that the hub has yet to answer about the case."""
    found = hours.callers.coordinator.get("/v1/enquiries", case_id=body["case_id"], limit=200).json()["items"]
    return {item["fact"] for one in found if one["role"] == "PVP_HUB" for item in one["items"] if item["ended"] is None}


def partner_says(hours: Hours, perpetrator: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The IDVA refers the two and tells of the perpetrator."""
    sent = {
        "source_system": "IDVA",
        "source_reference": f"IDVA-{hours.clock.now():%d%H%M}",
        "area": "ANYTOWN",
        "referrer_role": "IDVA",
        "victim": {"ref": "V-1"},
        "perpetrator": {"ref": "P-1", **perpetrator},
        "incidents": [],
        **changes,
    }
    answer = hours.partner.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    hours.routed.append(dict(answer.json()))
    return hours.routed[-1]


@pytest.mark.parametrize(
    "held",
    [
        {"in_custody": True, "release_on": "2026-03-20"},
        {"custody_periods": [{"from_on": "2026-01-01"}], "release_on": "2026-03-20"},
        {"custody_periods": [{"from_on": "2026-01-01", "until_on": "2026-03-20"}]},
    ],
)
def test_custody_ends_on_the_day_of_release(held: dict[str, Any], hours: Hours) -> None:
    hours.report(MEDIUM, perpetrator={"ref": "P-1", **held})
    hours.at(12 * DAY)
    after = hours.report(STRANGLED)

    assert "D36" in hours.duties(after)
    assert "in_custody" in asked_of_hub(hours, after)


PAST_PERIOD = [{"from_on": "2025-01-01", "until_on": "2025-06-01"}]


def test_an_earlier_time_in_custody_does_not_end_custody_that_is_stated(hours: Hours) -> None:
    report = hours.report(MEDIUM, perpetrator={"ref": "P-1", "in_custody": True, "custody_periods": PAST_PERIOD})

    assert hours.newest(report)["outcomes"]["custody"] == "yes"
    assert "D36" not in hours.duties(report)


def test_custody_that_is_stated_after_its_time_was_told_to_be_over_counts(hours: Hours) -> None:
    over = [{"from_on": "2026-01-01", "until_on": "2026-03-12"}]
    report = hours.report(MEDIUM, perpetrator={"ref": "P-1", "in_custody": True, "custody_periods": over})
    hours.at(5 * DAY)
    hours.learn(report, {"perpetrator": {"in_custody": True}})

    assert hours.newest(report)["facts"]["in_custody"] is True


@pytest.mark.parametrize("held", [{"in_custody": True}, {"custody_periods": [{"from_on": "2026-01-01"}]}])
def test_abuse_after_custody_was_said_asks_for_it_again(held: dict[str, Any], hours: Hours) -> None:
    first = hours.report(HIGH, perpetrator={"ref": "P-1", **held})
    before = hours.duties(first)
    hours.at(90 * DAY)
    after = hours.report(HIGH, ongoing_event=True)

    assert "D36" not in before
    assert "D36" in hours.duties(after)
    assert "in_custody" in asked_of_hub(hours, after)


@pytest.mark.parametrize("held", [{"in_custody": True}, {"custody_periods": [{"from_on": "2026-03-01"}]}])
def test_report_of_abuse_that_says_the_perpetrator_is_held_is_heard(held: dict[str, Any], hours: Hours) -> None:
    hours.report(MEDIUM, perpetrator={"ref": "P-1", "in_custody": True, "release_on": "2026-03-20"})
    hours.at(12 * DAY)
    after = hours.report(HIGH, perpetrator={"ref": "P-1", "in_custody": True, "custody_periods": []})

    assert hours.newest(after)["facts"]["in_custody"] is True
    assert "D36" not in hours.duties(after)


def test_answer_that_they_are_held_ends_the_plan(hours: Hours) -> None:
    hours.report(MEDIUM, perpetrator={"ref": "P-1", "in_custody": True, "release_on": "2026-03-20"})
    hours.at(12 * DAY)
    after = hours.report(HIGH)
    hours.at(12 * DAY + 1)
    hours.answered("in_custody", True)

    assert hours.newest(after)["facts"]["in_custody"] is True
    assert "D36" not in hours.duties(after)


@pytest.mark.parametrize(
    "held", [{"in_custody": True}, {"custody_periods": [{"from_on": "2026-01-01"}]}, {"suspect_outstanding": False}]
)
def test_partner_s_word_that_they_are_held_ends_no_arrest_plan(held: dict[str, Any], hours: Hours) -> None:
    partner_says(hours, held)
    hours.at(1)
    report = hours.report(HIGH, incidents=[{"days_ago": 3}])
    first = hours.duties(report)
    hours.at(2)
    partner_says(hours, held)
    hours.worker_comes_round()

    still = {one["state"] for one in hours.owed(report) if one["duty"] == "D36"}
    assert "D36" in first
    assert still == {"OPEN"}
    assert asked_of_hub(hours, report) & {"in_custody", "suspect_outstanding"}


def test_word_of_the_hub_that_they_are_held_is_heard(hours: Hours) -> None:
    report = hours.report(HIGH)
    hours.learn(report, {"perpetrator": {"in_custody": True}})

    assert "D36" not in hours.duties(report)


def test_only_author_is_believed(hours: Hours) -> None:
    report = partner_says(hours, {"in_custody": True})
    case = hours.callers.coordinator.get(f"/v1/cases/{report['case_id']}").json()

    assert "PRISON_OMU" in {one["forum"] for need in case["needs"] for one in need["proposals"]}
