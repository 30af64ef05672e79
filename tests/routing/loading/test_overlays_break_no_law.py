"""A local policy, or a base, that breaks a law of silence is refused with its line and the situation."""

import pytest

from app.routing.examples.policy_examples import read_examples
from app.routing.loading.catalogue import BASELINE, policy_file
from tests.routing.given import altered
from tests.routing.loading.overlays import a_rule, line_of, refused, without

MARAC_OPEN = 'open = { owner = "PVP_HUB", within = "24 hours", end = "ASKED" }'
MAPPA_OPEN = 'label = "state in MAPPA", open = { owner = "PVP_HUB", within = "1 working days", end = "ESCALATED" }'


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        ("unanswered_questions >= 5", "unanswered_questions"),
        ("marac_unanswered == true", "marac_unanswered"),
        ("abuse_reported == false", "abuse_reported"),
        ("marac_stage == HEARD", "marac_stage"),
        ("red_flag == false", "red_flag"),
        ("ticks < 3", "ticks"),
        ("perpetrator_oldest < 18", "perpetrator_oldest"),
    ],
)
def test_nothing_but_the_age_of_a_child_keeps_a_case_from_marac(condition: str, read: str) -> None:
    file = a_rule("not marac", condition)

    fault = refused(file, f"excludes by {read}: only the age of a child keeps a case out")

    assert line_of(fault, file) == 'id = "LOCAL-01"'
    (example,) = read_examples(fault.situation)
    assert read in example.given


@pytest.mark.parametrize("condition", ["victim_oldest >= 60", "victim_oldest > 17", "victim_oldest >= 10"])
def test_no_age_of_an_adult_keeps_a_case_from_marac(condition: str) -> None:
    assert refused(a_rule("not marac", condition), "excludes an adult").situation


@pytest.mark.parametrize(
    ("then", "conditions", "read"),
    [
        ("mappa referable", ("marac == open", "mappa_level == not_managed"), "marac"),
        ("mappa referable", ("matac == open", "mappa_level == not_managed"), "matac"),
        ("mappa referable", ("matac == no", "mappa_level == not_managed"), "matac"),
        ("pdp", ("mappa == open",), "mappa"),
        ("pdp", ("mappa == none", "serious_harm_likely == true"), "mappa"),
        ("dapp leads", ("marac == open",), "marac"),
        ("iom owns", ("matac == open",), "matac"),
        ("custody", ("mappa in none open",), "mappa"),
    ],
)
def test_an_earlier_question_that_is_open_is_silence_and_asks_no_forum(
    then: str, conditions: tuple[str, ...], read: str
) -> None:
    file = a_rule(then, *conditions)

    fault = refused(file, f"is asked before {read} is known")

    assert line_of(fault, file) in {'id = "LOCAL-01"', f'then = "{then}"'}
    assert f'{read} = "' in fault.situation


@pytest.mark.parametrize(
    ("dropped", "unreviewed"),
    [
        (("D34", "D01.high"), 'grade = "HIGH"'),
        (("D01.medium",), 'unknown = ["grade"]'),
        (("D01.high", "D01.medium"), 'unknown = ["grade"]'),
        (("D01.high", "D01.medium", "D01.standard"), 'unknown = ["grade"]'),
    ],
)
def test_a_report_that_shows_danger_is_reviewed_or_the_policy_is_refused(
    dropped: tuple[str, ...], unreviewed: str
) -> None:
    """Where nobody reviews, nobody looks anything up, and an open MAPPA would be a no (L1)."""
    file = without(*dropped)

    fault = refused(file, "nobody reviews a report that the hub must review")

    assert line_of(fault, file).startswith('id = "D01.')
    assert unreviewed in fault.situation


def test_a_review_that_rests_on_more_than_the_danger_does_not_count() -> None:
    kept = 'or_when = [["red_flag == true"], ["order_breached == true"]'
    broken = altered((kept, kept.replace('"red_flag == true"', '"red_flag == true", "seen_alone == false"')))

    fault = refused(broken, "nobody reviews a report that the hub must review")

    assert line_of(fault, broken) == "screens = true"
    assert "red_flag = true" in fault.situation


@pytest.mark.parametrize(
    "due",
    ["3 weeks from decision", "25 hours from decision", "25 hours from reporting", "1 working days from decision"],
)
def test_a_review_that_comes_late_is_refused(due: str) -> None:
    """A form was once read 14 days late (DHR "Jean", 14.1.15)."""
    was = 'about = "VICTIM_SAFETY"\ndue = "12 hours from reporting"\nscreens = true'
    broken = altered((was, was.replace("12 hours from reporting", due)))

    assert line_of(refused(broken, "D01.high reviews a report later"), broken) == 'id = "D01.high"'


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        (MARAC_OPEN, MARAC_OPEN.replace("ASKED", "ESCALATED"), "marac must be asked when its clock ends"),
        (MARAC_OPEN, MARAC_OPEN.replace("24 hours", "36 months"), "marac may be open for 24 hours at most"),
        (MARAC_OPEN, MARAC_OPEN.replace("24 hours", "1 working days"), "marac may be open for 24 hours at most"),
        (MAPPA_OPEN, MAPPA_OPEN.replace("ESCALATED", "ASKED"), "mappa must be escalated when its clock ends"),
        (MAPPA_OPEN, MAPPA_OPEN.replace("1 working", "8"), "mappa may be open for 168 hours at most"),
    ],
)
def test_an_open_question_ends_soon_and_as_its_forum_allows(was: str, now: str, message: str) -> None:
    broken = altered((was, now))

    fault = refused(broken, message)

    assert now in line_of(fault, broken)
    assert fault.situation.startswith("[[example]]")


def test_dropping_the_rule_of_the_clock_is_refused_at_the_line_that_drops_it() -> None:
    file = without("MARAC-02", "MARAC-09")

    fault = refused(file, "no rule asks marac when its clock ends")

    assert line_of(fault, file) == 'id = "MARAC-09"'
    (example,) = read_examples(fault.situation)
    assert example.given["marac_unanswered"] is True


def test_a_fault_in_a_part_that_only_the_base_holds_is_placed_there() -> None:
    """MARAC-04 then decides nothing alone: the switch is moved here, and the rule stands in the base."""
    file = a_rule("marac", "incidents_in_window >= 1")

    fault = refused(file, "MARAC-04 decides no situation alone")

    name, _, number = fault.place.partition(":")
    assert name == "national-baseline.toml"
    assert policy_file(BASELINE).text.splitlines()[int(number) - 1] == 'id = "MARAC-04"'
