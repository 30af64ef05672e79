"""One victim, several perpetrators: the need is one, and a report about one of them lowers nothing about another.

Sources: law L7 (decision 7); rows 13, 22, 25 and 28 of the portfolio.
"""

import pytest

from tests.journeys.hours import HALF_ANSWERED, HIGH, LAPSE, STANDARD, Hours


@pytest.mark.parametrize(("first", "second"), [("P-1", "P-2"), (None, None), (None, "P-1")])
def test_marac_stays_asked_when_another_perpetrator_is_reported_who_meets_nothing(
    first: str | None, second: str | None, hours: Hours
) -> None:
    hours.report(HIGH, first)
    hours.at(2)
    hours.report(STANDARD, second)

    assert hours.asked() == ["PROPOSED"]


def test_marac_asked_at_the_end_of_a_clock_stays_asked_when_another_perpetrator_meets_nothing(hours: Hours) -> None:
    hours.report(HALF_ANSWERED)
    hours.at(LAPSE)
    hours.report(STANDARD, "P-2")

    assert hours.asked() == ["PROPOSED"]


def test_marac_stays_asked_when_one_report_is_lowered_and_another_perpetrator_still_meets_it(hours: Hours) -> None:
    first = hours.report({**HIGH, "ticks": 3})
    hours.report(HIGH, "P-2")
    hours.lower(first, "STANDARD")

    assert hours.newest(first)["outcomes"]["marac"] == "no"
    assert hours.asked() == ["PROPOSED"]


def test_request_to_marac_is_taken_back_once_no_case_of_the_victim_meets_it(hours: Hours) -> None:
    only = hours.report({**HIGH, "ticks": 3})
    hours.report(STANDARD, "P-2")
    hours.lower(only, "STANDARD")

    assert hours.asked() == ["WITHDRAWN"]


def test_matac_stays_asked_when_the_perpetrator_is_reported_for_another_victim(hours: Hours) -> None:
    events = [{"at": "2026-03-09T21:00:00Z", "victim": f"V-{n}", "number": f"C-{n}"} for n in (1, 2, 3)]
    person = {"ref": "P-1", "mappa": {"not_managed": True}}
    hours.report(STANDARD, incidents=events, perpetrator=person)
    asked = hours.asked("MATAC")
    hours.at(2)
    hours.report(STANDARD, victim={"ref": "V-4"}, perpetrator={"ref": "P-1"})

    assert (asked, hours.asked("MATAC")) == (["PROPOSED"], ["PROPOSED"])


def test_nobody_else_is_asked_to_lead_when_a_second_perpetrator_is_open_after_marac_accepted(hours: Hours) -> None:
    hours.report(HIGH)
    hours.accepts()
    hours.at(2)
    second = hours.report(HALF_ANSWERED, "P-2")

    assert hours.asked_to_lead() == set()
    assert "MARAC_CRITERIA_NOT_MET" not in {one["duty"] for one in hours.owed(second)}


def test_chair_is_told_and_nobody_else_asked_when_a_review_leaves_an_accepted_case_open(hours: Hours) -> None:
    only = hours.report({**HIGH, "ticks": 8, "unanswered": 10})
    hours.accepts()
    hours.lower(only, "MEDIUM")

    told = [one for one in hours.owed(only) if one["duty"] == "MARAC_CRITERIA_NOT_MET"]
    assert hours.newest(only)["outcomes"]["marac"] == "open"
    assert (hours.safety["owner"]["forum"], hours.asked_to_lead()) == ("MARAC", set())
    assert [one["owner_role"] for one in told] == ["MARAC_CHAIR"]


def test_chair_s_action_ends_once_the_criteria_are_met_again(hours: Hours) -> None:
    only = hours.report({**HIGH, "ticks": 8, "unanswered": 10})
    hours.accepts()
    hours.lower(only, "MEDIUM")
    hours.at(2)
    hours.report(HIGH)

    (ended,) = [one for one in hours.owed(only, state="ENDED") if one["duty"] == "MARAC_CRITERIA_NOT_MET"]
    assert ended["outcome"] == "NO_LONGER_OWED"


def test_chair_s_action_ends_once_another_perpetrator_meets_marac(hours: Hours) -> None:
    only = hours.report({**HIGH, "ticks": 3})
    hours.accepts()
    hours.lower(only, "STANDARD")
    hours.at(2)
    hours.report(HIGH, "P-2")

    assert "MARAC_CRITERIA_NOT_MET" not in {one["duty"] for one in hours.owed(only)}


def test_chair_is_told_nothing_while_another_perpetrator_still_meets_marac(hours: Hours) -> None:
    first = hours.report(HIGH)
    hours.report(HIGH, "P-2")
    hours.accepts()
    hours.lower(first, "STANDARD")
    hours.learn(first, {"assessment": {"ticks": 3}})

    assert "MARAC_CRITERIA_NOT_MET" not in {one["duty"] for one in hours.owed(first)}


def test_second_perpetrator_whose_clock_ends_is_listed_at_once_because_marac_has_the_victim(hours: Hours) -> None:
    hours.report(HIGH)
    hours.accepts()
    hours.at(2)
    second = hours.report(HALF_ANSWERED, "P-2")
    before = hours.lists(second)
    hours.at(2 + LAPSE)

    assert (before, hours.lists(second)) == ([], ["2026-03-26"])
    assert hours.newest(second)["facts"]["marac_stage"] == "LISTED"
    assert not {"D03", "D04", "D10"} & hours.duties(second)


def test_couple_heard_once_is_listed_again_when_a_later_clock_ends(hours: Hours) -> None:
    first = hours.report(HALF_ANSWERED)
    hours.at(LAPSE)
    hours.accepts()
    hours.answered("ticks", 8)
    hours.at(16 * 24)
    hours.hears(first)
    hours.at(400 * 24)
    again = hours.report(HALF_ANSWERED)
    hours.at(400 * 24 + LAPSE)

    assert again["case_id"] == first["case_id"]
    assert hours.newest(again)["outcomes"]["marac"] == "yes"
    assert len(hours.lists(again)) == 2
    assert "D04" not in hours.duties(again)


def test_couple_that_waits_after_a_later_clock_does_not_repeat(hours: Hours) -> None:
    first = hours.report(HALF_ANSWERED)
    hours.at(LAPSE)
    hours.accepts()
    hours.at(16 * 24)
    hours.hears(first)
    hours.at(400 * 24)
    hours.report(HALF_ANSWERED)
    hours.at(400 * 24 + LAPSE)
    hours.at(402 * 24)
    again = hours.report(STANDARD)

    assert hours.newest(again)["facts"]["repeat"] is False


def test_second_perpetrator_whose_clock_ended_while_marac_was_asked_waits_and_does_not_repeat(hours: Hours) -> None:
    hours.report(HIGH)
    hours.at(2)
    hours.report(HALF_ANSWERED, "P-2")
    hours.at(2 + LAPSE)
    again = hours.report(STANDARD, "P-2")

    assert hours.newest(again)["facts"]["repeat"] is False
