"""A date that is counted back and has passed is due today, and what opens later is due after it opens.

Source: kind G of the reports; `proportion.md` 4.
"""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.models import Action
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


def test_what_has_no_date_yet_is_due_the_working_day_after_it_opens(
    hours: Hours, sessions: sessionmaker[Session]
) -> None:
    hours.report(MEDIUM, perpetrator={"ref": "P-1", "in_custody": True})

    with sessions.begin() as session:
        scope_to_system(session)
        planned = session.scalars(select(Action).where(Action.duty == "E05")).one()
    assert (planned.opens_on, planned.due_on) == (date(2026, 3, 24), date(2026, 3, 25))
