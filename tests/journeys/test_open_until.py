"""Until when an answer says that a question is open: never until a day that has passed."""

from tests.journeys.hours import Hours

MEDIUM = {"tool": "DASH24", "ticks": 9, "unanswered": 0, "officer_grade": "MEDIUM", "seen_alone": True}


def test_answer_to_a_new_report_names_the_clock_of_that_report(hours: Hours) -> None:
    first = hours.report(MEDIUM)
    hours.at(12 * 24)
    second = hours.report(MEDIUM)

    (before,), (after,) = ([one["until"] for one in body["open"]] for body in (first, second))
    assert (before, after) == ("2026-03-11T09:31:00Z", "2026-03-23T09:31:00Z")
