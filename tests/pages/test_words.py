"""Dates, deadlines and codes are put in the words of this field."""

from datetime import UTC, date, datetime

from app.foundation.asked import AskedSection
from app.inbox.vocabulary import InboxKind
from app.pages.rendering.dates import (
    due_words,
    instant_words,
    overdue_words,
    until_words,
    upcoming_words,
)
from app.pages.rendering.labels import (
    DECLINES,
    KINDS,
    OPERATORS,
    OUTCOMES,
    QUESTIONS,
    SECTIONS,
    forum_words,
    role_words,
)
from app.routing.policy.conditions import OPERATORS as POLICY_OPERATORS
from app.routing.policy.outcomes import QUESTIONS as POLICY_QUESTIONS
from app.vocabulary import ActionOutcome, DeclineCode, Forum, Role


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_time_in_summer_is_said_as_london_clocks_show_it() -> None:
    assert instant_words(at(6, 4, 8, 32)) == "4 June 2026 at 9:32am"
    assert instant_words(at(12, 1, 12, 5)) == "1 December 2026 at 12:05pm"


def test_deadline_without_a_time_is_never_given_one() -> None:
    assert due_words(date(2026, 6, 4), None) == "4 June 2026"


def test_limit_at_midnight_is_said_as_the_end_of_the_day_before() -> None:
    assert until_words(at(6, 4, 23)) == "the end of 4 June 2026"
    assert until_words(at(1, 5, 0)) == "the end of 4 January 2026"


def test_action_is_overdue_by_whole_days_from_the_day_after_it_was_due() -> None:
    due = date(2026, 3, 10)

    assert overdue_words(due, None, at(3, 11, 0, 1)) == "Overdue by 1 day"
    assert overdue_words(due, None, at(3, 19, 10)) == "Overdue by 9 days"


def test_duty_counted_in_hours_is_overdue_by_hours_for_two_days() -> None:
    due = at(3, 10, 9)

    assert overdue_words(None, due, at(3, 10, 9, 20)) == "Overdue by less than an hour"
    assert overdue_words(None, due, at(3, 10, 10)) == "Overdue by 1 hour"
    assert overdue_words(None, due, at(3, 12, 8)) == "Overdue by 47 hours"
    assert overdue_words(None, due, at(3, 12, 9)) == "Overdue by 2 days"


def test_action_due_soon_says_today_or_tomorrow_by_london_dates() -> None:
    just_after_midnight_in_london = at(6, 3, 23, 30)

    assert upcoming_words(date(2026, 6, 4), None, just_after_midnight_in_london) == "Due today"
    assert upcoming_words(date(2026, 6, 5), None, just_after_midnight_in_london) == "Due tomorrow"
    assert upcoming_words(date(2026, 6, 6), None, just_after_midnight_in_london) == ""


def test_every_code_of_the_vocabulary_has_its_words() -> None:
    assert OUTCOMES.keys() == set(ActionOutcome)
    assert DECLINES.keys() == set(DeclineCode)
    assert SECTIONS.keys() == set(AskedSection)
    assert KINDS.keys() == set(InboxKind)
    assert all("_" not in forum_words(forum) for forum in Forum)
    assert all("_" not in role_words(role) for role in Role)


def test_every_operator_and_question_of_a_policy_has_its_words() -> None:
    assert OPERATORS.keys() == set(POLICY_OPERATORS)
    assert QUESTIONS.keys() == {question.name for question in POLICY_QUESTIONS}
