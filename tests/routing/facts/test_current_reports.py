"""Which reports are read together, and what the forms that leave a question open still allow."""

from datetime import UTC, datetime, timedelta

import pytest

from app.routing.facts.derived import derive
from app.routing.facts.possible_answers import possible_answers
from app.routing.facts.snapshot.assessment import AssessedReport, Assessment
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import AssessmentTool
from app.vocabulary import Grade
from tests.routing.given import AN_INSTANT, a_snapshot, baseline, parameters

GRADED_HIGH, GRADED_MEDIUM = Assessment(officer_grade=Grade.HIGH), Assessment(officer_grade=Grade.MEDIUM)
FIRST_DAY = datetime(2017, 8, 5, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)


def report(at: datetime, assessment: Assessment, id_: str = "R-1") -> AssessedReport:
    return AssessedReport(id_, "AGENCY-A", at, assessment)


def derived(*reports: AssessedReport) -> dict[str, Fact]:
    return derive(a_snapshot(reports=reports), AN_INSTANT, parameters(baseline()))


@pytest.mark.parametrize(("at", "grade"), [(FIRST_DAY, Grade.HIGH), (FIRST_DAY - A_DAY, Grade.MEDIUM)])
def test_grade_of_the_first_day_of_the_window_stands_over_a_later_lower_one(at: datetime, grade: Grade) -> None:
    assert derived(report(at, GRADED_HIGH), report(AN_INSTANT - A_DAY, GRADED_MEDIUM, "R-2"))["grade"] is grade


@pytest.mark.parametrize("later", [(), (report(AN_INSTANT - A_DAY, Assessment(), "R-2"),)])
def test_newest_assessment_stands_however_old_it_is(later: tuple[AssessedReport, ...]) -> None:
    assert derived(report(FIRST_DAY - 900 * A_DAY, GRADED_HIGH), *later)["grade"] is Grade.HIGH


@pytest.mark.parametrize(("after", "grade"), [(timedelta(0), Grade.HIGH), (timedelta(seconds=1), Grade.MEDIUM)])
def test_report_counts_from_its_own_instant(after: timedelta, grade: Grade) -> None:
    earlier = report(AN_INSTANT - A_DAY, GRADED_MEDIUM)

    assert derived(earlier, report(AN_INSTANT + after, GRADED_HIGH, "R-2"))["grade"] is grade


def form(ticks: int, unanswered: int | None) -> Assessment:
    return Assessment(tool=AssessmentTool.DASH24, ticks=ticks, unanswered=unanswered)


def possible(*forms: Assessment) -> dict[str, tuple[int, int | None]]:
    reports = tuple(report(AN_INSTANT - A_DAY, each, f"R-{place}") for place, each in enumerate(forms))
    return possible_answers(a_snapshot(reports=reports), AN_INSTANT, Parameters(parameters(baseline())))


def test_answer_lies_between_no_and_every_unanswered_question_of_the_forms_that_leave_it_open() -> None:
    found = possible(form(5, 15), form(9, 10), form(2, 0))

    assert found["ticks"] == (5, 20)
    assert found["unanswered"] == (0, 19)


def test_form_that_does_not_say_how_much_is_unanswered_may_have_every_question_ticked() -> None:
    assert possible(form(5, None))["ticks"] == (5, 24)


def test_forms_that_leave_nothing_open_bound_no_answer() -> None:
    assert possible(form(5, 0)).keys().isdisjoint({"ticks", "unanswered"})
