"""A program exchanges no form for one without a threshold, and takes no open question for answered (law L7)."""

import pytest

from tests.journeys.hours import HALF_ANSWERED, HIGH, LAPSE, Hours

MANY_TICKS = HIGH | {"officer_grade": "MEDIUM"}


@pytest.mark.parametrize("tool", ["OTHER", "MERIT", "DARA"])
def test_form_that_asked_marac_is_not_exchanged_for_one_without_a_threshold(tool: str, hours: Hours) -> None:
    report = hours.report(MANY_TICKS)

    answer = hours.learn(report, {"assessment": {"tool": tool}})

    assert hours.asked() == ["PROPOSED"]
    assert "the higher one stands: /assessment/tool" in answer["not_lowered"]


@pytest.mark.parametrize("less", [{"unanswered": 0}, {"tool": "OTHER"}])
def test_open_question_is_not_closed_by_leaving_it_out(less: dict[str, object], hours: Hours) -> None:
    report = hours.report(HALF_ANSWERED)

    hours.learn(report, {"assessment": less})
    hours.at(LAPSE)

    assert hours.asked() == ["PROPOSED"]


def test_form_that_is_completed_with_its_ticks_is_complete(hours: Hours) -> None:
    report = hours.report(HALF_ANSWERED)

    hours.learn(report, {"assessment": {"ticks": 9, "unanswered": 0}})
    hours.at(LAPSE)

    assert hours.asked() == []
