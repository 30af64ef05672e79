"""Every finding of the review is answered, every test that is named for it exists, and what is missing is admitted."""

import ast
from pathlib import Path

import pytest

from app.demo.review_coverage import ReviewRow, coverage_page, read_coverage
from tests.journeys.test_review_rows import SIGNS
from tests.routing.given import examples_of

ROOT = Path(__file__).resolve().parents[3]
SOURCE = (ROOT / "docs" / "review.toml").read_text(encoding="utf-8")
ROWS = read_coverage(SOURCE)

GROUPS = (
    "13.2, 14.3.15", "14.1.3, 16.2, 17.2", "14.1.4, 14.1.13, 14.1.18, 14.1.24", "14.1.5, 14.1.13, 14.1.11",
    "14.1.9-10, 14.2.8, 14.2.13, 17.10", "14.1.11, 15.9", "14.1.12, 14.1.14, 17.13, 14.3.18", "14.1.15",
    "14.1.16, 14.8.5, 17.15", "14.1.17-18, 14.1.20, 14.8.6, 17.16", "14.1.19", "14.1.20", "14.1.21, 17.19",
    "14.1.22", "14.1.25, 17.26", "14.1.26", "14.1.27-28, 14.4.3", "14.2.1", "14.2.2", "14.2.3-14.2.6", "14.2.4",
    "14.2.5", "14.2.7", "14.2.10", "14.2.11, 17.23", "14.2.12", "14.2.13", "14.2.15, 14.3.20", "14.2.16, 14.7.1",
    "14.3.2", "14.3.4", "14.3.5-8", "14.3.7", "14.3.9, 14.3.14", "14.3.11, 14.3.15, 16.6, 17.7", "14.3.12, 17.21",
    "14.3.13", "14.3.16-17", "14.3.19, 16.4, 17.5", "14.4.4", "15.10, 15.12", "16.1, 17.1", "16.5, 17.6",
    "16.8, 17.9, 17.25", "17.17", "17.18", "7.2, cover", "App A", "16.7 and in general",
)  # fmt: skip


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_group_of_paragraphs_of_the_review_has_its_one_entry() -> None:
    assert tuple(row.paragraphs for row in ROWS) == GROUPS


def test_every_entry_says_what_failed_and_what_is_done_or_missing() -> None:
    silent = [row.paragraphs for row in ROWS if not row.failing or not (row.does or row.not_preventable)]

    assert silent == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.paragraphs)
def test_every_test_named_for_the_review_exists(row: ReviewRow) -> None:
    parametrised = {example.name for example in examples_of("national-baseline")} | SIGNS.keys()

    for named in row.tests:
        place, _, rest = named.partition("::")
        name, _, case = rest.rstrip("]").partition("[")
        assert name in names_in(ROOT / place), named
        assert not case or case in parametrised, named


def test_page_about_the_review_is_current() -> None:
    assert (ROOT / "docs" / "review.md").read_text(encoding="utf-8") == coverage_page(ROWS), "generate it anew"


def test_what_is_not_there_yet_is_listed_at_the_end_of_the_page() -> None:
    lacking = read_coverage('[[row]]\nparagraphs = "1.1"\nfailing = "x"\nnot_yet = "y is not there"\n')
    rows = [*ROWS, *lacking]

    listed = coverage_page(rows).partition("## What the service does not do yet")[2]

    assert [line.split("**")[1] for line in listed.splitlines() if line.startswith("- ")] == [
        row.paragraphs for row in rows if row.not_yet
    ]


def test_entry_that_shows_nothing_and_admits_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="name a test"):
        read_coverage('[[row]]\nparagraphs = "1.1"\nfailing = "x"\ndoes = "y"\n')


def test_entry_with_a_misspelt_key_is_refused() -> None:
    with pytest.raises(ValueError, match="not_jet"):
        read_coverage('[[row]]\nparagraphs = "1.1"\nfailing = "x"\nnot_jet = "y"\n')
