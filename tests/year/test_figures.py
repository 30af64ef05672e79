"""The figures of a simulated year say what its rows say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.foundation.working_days import working_days_of
from app.vocabulary import Nation
from bench.year.counting import AnsweredProposal, DatedAction, ReviewedReport, Rows, SaidDeadline, ToldPost
from bench.year.figures import Measured, figures_of, percentile, played_of, spread

CALENDAR = working_days_of(Nation.ENGLAND)
TWO_WEEKS = Measured(date(2026, 1, 12), date(2026, 1, 25), CALENDAR)
NOTHING = Rows((), (), (), (), (), (), (), ())
MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def a_digest(number: int, lines: int, role: str = "MARAC_COORDINATOR") -> ToldPost:
    return ToldPost(f"evt_{role}_{number}", "digest", role, "ANYTOWN-MARAC", MONDAY + days(number), lines + 1, lines)


def a_call(hours: int, role: str = "STRATEGIC_LEAD") -> ToldPost:
    return ToldPost(f"evt_{hours}", "danger", role, "ANYTOWN-BOARD", MONDAY + timedelta(hours=hours), 1, 1)


def a_deadline(settled: datetime | None, *said: datetime) -> SaidDeadline:
    return SaidDeadline("act_1", 1, date(2026, 1, 12), None, settled, said)


def test_percentile_is_the_smallest_that_so_many_do_not_exceed() -> None:
    assert [percentile(range(1, 11), share) for share in (50, 90, 95, 100)] == [5, 9, 10, 10]
    assert percentile([], 50) == 0
    assert spread([3]) == {"median": 3, "p90": 3, "p95": 3, "most": 3, "of": 1}


def test_day_without_a_digest_counts_as_none_and_a_closed_day_not_at_all() -> None:
    found = figures_of(replace(NOTHING, messages=[a_digest(0, 10), a_digest(1, 30)]), TWO_WEEKS)

    (own,) = found["posts"]
    assert own["digests"] == {"median": 0, "p90": 1, "p95": 1, "most": 1, "of": 10}
    assert own["lines"] == {"median": 10, "p90": 30, "p95": 30, "most": 30, "of": 2}
    assert own["items"]["most"] == 31


def test_danger_calls_of_a_post_are_counted_by_day_open_or_closed() -> None:
    found = figures_of(replace(NOTHING, messages=[a_call(0), a_call(1), a_call(30)]), TWO_WEEKS)

    (lead,) = found["posts"]
    assert (lead["danger"]["most"], lead["danger"]["of"], lead["in_all"]) == (2, 14, 3)
    assert found["weeks"][0]["danger_a_day"] == {"STRATEGIC_LEAD": 0.4}


def test_what_was_told_before_the_first_day_is_not_counted() -> None:
    assert figures_of(replace(NOTHING, messages=[a_digest(-1, 10)]), TWO_WEEKS)["posts"] == []


def test_forum_is_shown_with_how_its_proposals_ended_and_how_long_the_accepted_ones_waited() -> None:
    answers = [
        AnsweredProposal("MARAC", "ACCEPTED", MONDAY, MONDAY + timedelta(hours=6)),
        AnsweredProposal("MARAC", "EXPIRED", MONDAY, MONDAY + days(2)),
    ]

    (marac,) = figures_of(replace(NOTHING, answers=answers), TWO_WEEKS)["acceptance"]

    assert marac["ended"] == {"ACCEPTED": 1, "EXPIRED": 1}
    assert (marac["hours"]["median"], marac["hours"]["of"]) == (6, 1)


def test_report_waits_in_working_days_and_one_without_a_review_still_waits() -> None:
    friday = MONDAY + days(4)
    reviews = [ReviewedReport(friday, friday + days(3)), ReviewedReport(MONDAY, None)]

    found = figures_of(replace(NOTHING, reviews=reviews), TWO_WEEKS)["review"]

    assert (found["reports"], found["waiting"], found["working_days"]["median"]) == (2, 1, 1)


def test_action_is_late_unless_something_settled_it_before_its_first_date_passed() -> None:
    settled = [MONDAY + days(1), MONDAY + days(3), None]
    actions = [DatedAction("D06", MONDAY, date(2026, 1, 14), None, at) for at in settled]
    at_once = DatedAction("D09", MONDAY, None, MONDAY, MONDAY + timedelta(hours=1))

    found = figures_of(replace(NOTHING, actions=[*actions, at_once]), TWO_WEEKS)["late"]

    assert found == {"actions": 4, "late": 3, "born_late": {"D09": 1}}


def test_silence_is_the_longest_time_in_working_days_in_which_nobody_was_told_of_something_late() -> None:
    said_in_time = a_deadline(MONDAY + days(9), MONDAY + days(1), MONDAY + days(8))
    forgotten = replace(a_deadline(None, MONDAY + days(1)), subject_id="act_2")

    found = figures_of(replace(NOTHING, deadlines=[said_in_time, forgotten]), TWO_WEEKS)["silence"]

    assert found == {"late": 2, "longest": 8, "over_five": 1}


def test_what_was_settled_in_time_is_never_silent() -> None:
    found = figures_of(replace(NOTHING, deadlines=[a_deadline(MONDAY)]), TWO_WEEKS)["silence"]

    assert found == {"late": 0, "longest": 0, "over_five": 0}


def test_days_after_the_warm_up_are_counted_and_all_days_of_a_shorter_play() -> None:
    told = {"first_day": "2026-01-05", "last_day": "2026-03-01"}

    assert played_of(told, CALENDAR, 4).first == date(2026, 2, 2)
    assert played_of(told | {"last_day": "2026-01-11"}, CALENDAR, 4).first == date(2026, 1, 5)
