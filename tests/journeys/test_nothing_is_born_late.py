"""A date that is counted back and has passed is due today. Source: kind G of the reports; `proportion.md` 4."""

from typing import Any

import pytest

from tests.journeys.hours import Hours
from tests.journeys.test_perpetrator_is_identified import MEDIUM

SOON = {"in_custody": True, "release_on": "2026-03-20"}
ENDS = {"licences": [{"kind": "LICENCE", "service": "ANYTOWN-PROBATION", "ends_on": "2026-03-18"}]}


@pytest.mark.parametrize(("perpetrator", "duty"), [(SOON, "E05"), (ENDS, "D47")])
def test_what_was_due_before_it_was_known_is_due_today(perpetrator: dict[str, Any], duty: str, hours: Hours) -> None:
    report = hours.report(MEDIUM, perpetrator={"ref": "P-1", **perpetrator})

    (action,) = [one for one in hours.owed(report) if one["duty"] == duty]
    assert action["due_on"] == "2026-03-10"


def test_a_later_decision_gives_no_more_time(hours: Hours) -> None:
    report = hours.report(MEDIUM, perpetrator={"ref": "P-1", **SOON})
    hours.at(24)
    hours.learn(report, {"residing_together": True})

    (action,) = [one for one in hours.owed(report) if one["duty"] == "E05"]
    assert action["due_on"] == "2026-03-10"
