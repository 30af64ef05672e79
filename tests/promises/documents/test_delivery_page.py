"""docs/delivery.md shows every goal with a test or benchmark that is really there."""

import re
from importlib.util import find_spec

from bench.delivery_page import PAGE, DeliveryGoal, page, read_goals
from bench.measurements import ROOT

SIEGE = DeliveryGoal(
    "G1",
    "Nothing is lost",
    "a test",
    "siege",
    "{lost} of {events}",
    [("lost", "<=", 0), ("events", ">=", 10)],
)


def test_document_has_every_goal_from_the_first_to_the_twentieth_once() -> None:
    shown = re.findall(r"^\| (G\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert shown == [f"G{number}" for number in range(1, 21)]


def test_every_row_of_the_document_names_a_test_or_benchmark_that_exists() -> None:
    said = "\n".join([*(f"`{goal.shown_by}`" for goal in read_goals()), *(goal.says for goal in read_goals())])

    named = re.findall(r"`(tests/[\w/.]+)::(\w+)`", said)

    assert len(named) >= 14
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), test
    assert all(find_spec(one) for one in re.findall(r"`(bench\.\w+)`", said))


def test_document_says_of_each_goal_what_the_rows_say_and_nothing_else() -> None:
    document = PAGE.read_text(encoding="utf-8")

    for goal in read_goals():
        assert f"| {goal.id} | {goal.goal} |" in document
        assert f"`{goal.shown_by}`" in document
        assert goal.says in document


def test_goal_is_met_only_when_all_that_it_asks_holds_of_what_was_measured() -> None:
    rows = [
        page([SIEGE], {"siege": measured})
        for measured in (
            {"lost": 0, "events": 10, "measured_on": "2026-11-25"},
            {"lost": 1, "events": 10, "measured_on": "2026-11-25"},
            {"lost": 0, "events": 9, "measured_on": "2026-11-25"},
            None,
        )
    ]

    assert [re.findall(r"\| (yes|\*\*no\*\*|no) \|", row) for row in rows] == [
        ["yes"],
        ["**no**"],
        ["**no**"],
        ["no"],
    ]
    assert "0 of 10" in rows[0]
    assert "not measured yet" in rows[3]
