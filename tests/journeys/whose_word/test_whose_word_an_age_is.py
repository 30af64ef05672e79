"""Law L7: an age that lowers an answer is the word of the hub, of whoever opened the case, or of a named person."""

from typing import Any

import pytest

from tests.journeys.hours import HIGH, Hours
from tests.journeys.whose_word.test_custody_and_arrest import asked_of_hub, partner_says

CHILD: dict[str, Any] = {"victim": {"ref": "V-1", "age": 15}}


def test_partner_s_age_of_a_child_takes_no_marac_back_and_is_asked_of_the_hub(hours: Hours) -> None:
    report = hours.report(HIGH)
    hours.at(1)
    partner_says(hours, {}, **CHILD)

    newest = hours.newest(report)
    assert (newest["outcomes"]["marac"], newest["facts"]["victim_age"]) == ("yes", None)
    assert hours.asked() == ["PROPOSED"]
    assert "victim_age" in asked_of_hub(hours, report)


def test_hub_s_answer_about_the_age_is_heard(hours: Hours) -> None:
    report = hours.report(HIGH)
    hours.at(1)
    partner_says(hours, {}, **CHILD)
    hours.at(2)
    hours.answered("victim_age", 15)

    newest = hours.newest(report)
    assert (newest["outcomes"]["marac"], newest["facts"]["victim_age"]) == ("no", 15)
    assert "victim_age" not in asked_of_hub(hours, report)


def test_age_from_whoever_opened_the_case_is_heard(hours: Hours) -> None:
    partner_says(hours, {}, **CHILD)
    hours.at(1)
    report = hours.report(HIGH)

    assert hours.newest(report)["facts"]["victim_age"] == 15


@pytest.mark.parametrize(("age", "known"), [(15, None), (17, 17), (40, 40)])
def test_only_an_age_below_what_marac_hears_is_doubted(age: int, known: int | None, hours: Hours) -> None:
    report = hours.report(HIGH)
    hours.at(1)
    partner_says(hours, {}, victim={"ref": "V-1", "age": age})

    assert hours.newest(report)["facts"]["victim_age"] == known


def test_partner_s_age_of_a_young_perpetrator_ends_no_notice(hours: Hours) -> None:
    report = hours.report(HIGH)
    hours.at(1)
    partner_says(hours, {"age": 9})
    again = hours.report(HIGH)

    assert "D31" in hours.duties(again)
    assert "perpetrator_age" in asked_of_hub(hours, report)
