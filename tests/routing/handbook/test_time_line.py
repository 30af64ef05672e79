"""The handbook shows the law by date: each dated line of each policy, with its source and its mark."""

import pytest

from app.routing.handbook.document import Grid
from app.routing.handbook.time_line import law_chapters
from app.routing.law.files import law_book
from app.routing.loading.catalogue import SHIPPED
from tests.routing.given import shipped


def rows_of(name: str) -> list[tuple[str, ...]]:
    return [
        row
        for chapter in law_chapters(shipped(name))
        for grid in chapter.blocks
        if isinstance(grid, Grid)
        for row in grid.rows
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_time_line_lists_each_dated_line_with_its_source_and_mark(name: str) -> None:
    policy, book = shipped(name), law_book()
    dated = [row for row in rows_of(name) if len(row) == 8]
    by_line = {row[0]: row for row in dated}

    assert len(by_line) == len(dated) == len(policy.law) + len(list(book.provisions()))
    for line in policy.law:
        row = by_line[line.id]
        assert row[1] == line.in_force.isoformat()
        assert policy.sources[line.source].title in row[6]
        assert row[7], "nobody reads it"
    assert all(row[5][0] in "VSBI" and row[6] for row in dated)
    assert {one.key for one in book.statutes} <= by_line.keys()


def test_the_oldest_line_comes_first_in_each_table() -> None:
    for chapter in law_chapters(shipped("cleveland-current"))[:2]:
        days = [row[1][:10] for grid in chapter.blocks if isinstance(grid, Grid) for row in grid.rows]
        begun = [day for day in days if day[0] == "2"]
        assert begun == sorted(begun)


def test_a_line_whose_end_nobody_followed_up_says_that_later_days_are_asked() -> None:
    by_line = {row[0]: row for row in rows_of("cleveland-current")}

    assert by_line["LAW-DAPO"][2] == "2026-11-24; later days are asked"
    assert by_line["LAW-ENCOMPASS-PRACTICE"][2] == "2025-11-06"
    assert by_line["dapo_north_wales"][2] == "2026-11-24; later days are asked"
    assert by_line["finding_of_domestic_abuse"][1] == "not in force on 2026-03-22; later not found"


def test_every_offence_that_is_listed_or_common_and_not_listed_is_in_the_book() -> None:
    text = " ".join(" ".join(row) for row in rows_of("national-baseline"))

    keys = [*law_book().by_key, *law_book().unlisted]
    assert [key for key in keys if key not in text] == []
