"""Harm to a child, told by an answer of a form, is not undone by whoever else says that there is no child."""

from typing import Any

import pytest

from tests.journeys.hours import HIGH, Hours
from tests.journeys.whose_word.test_custody_and_arrest import partner_says

HARM = {"has_hurt_children_or_dependants": "YES", "threatened_children_or_dependants": "YES"}
HURT: dict[str, Any] = {"tool": "DASH27", "answers": HARM, "officer_grade": "HIGH", "seen_alone": True}
NO_CHILD: dict[str, Any] = {"children": []}


def test_partner_s_earlier_list_of_none_leaves_the_child_affected(hours: Hours) -> None:
    partner_says(hours, {}, **NO_CHILD)
    hours.at(1)

    assert "D25.social_care" in hours.duties(hours.report(HURT))


def test_partner_s_later_list_of_none_leaves_the_child_affected(hours: Hours) -> None:
    report = hours.report(HURT)
    hours.at(1)
    partner_says(hours, {}, **NO_CHILD)

    assert "D25.social_care" in hours.duties(report)
    assert hours.newest(report)["facts"]["child_affected"] is True


def test_author_s_own_older_list_of_none_leaves_the_child_affected(hours: Hours) -> None:
    hours.report(HIGH, **NO_CHILD)
    hours.at(1)

    assert "D25.social_care" in hours.duties(hours.report(HURT))


@pytest.mark.parametrize("in_one_report", [True, False])
def test_whoever_answered_may_say_that_the_dependant_is_no_child(in_one_report: bool, hours: Hours) -> None:
    report = hours.report(HURT, **(NO_CHILD if in_one_report else {}))
    if not in_one_report:
        hours.learn(report, NO_CHILD)

    assert "D25.social_care" not in hours.duties(report)
    assert hours.newest(report)["facts"]["child_in_answers"] is True
