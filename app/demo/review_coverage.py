"""Writes the page that says, for each group of the review's paragraphs, what this service does and which tests show it.

The content is data (`docs/review.toml`).
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

HEAD = """# The review's findings, one by one

Generated from `review.toml`; a test keeps it current and checks that every test named here exists. Numbers are
paragraphs of the domestic homicide review "Jean" (Middlesbrough, December 2020). A test shows what the service does,
and never that an agency did it: the service makes silence and delay visible, it cannot make a visit happen.
"""
NOT_PREVENTABLE = """## What no software prevents
"""
NOT_YET = """## What the service does not do yet

Said here so that nobody relies on it.
"""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One group of paragraphs. It has tests, or a reason why no software prevents the failing, or what is missing."""

    paragraphs: str
    failing: str
    does: str
    tests: tuple[str, ...]
    not_preventable: str
    not_yet: str


def read_coverage(text: str) -> tuple[ReviewRow, ...]:
    """Returns the rows in the order of the file. Raises `ValueError` for a row with neither tests nor a reason."""
    rows = tuple(_row(table) for table in tomllib.loads(text)["row"])
    for row in rows:
        if not (row.tests or row.not_preventable or row.not_yet):
            raise ValueError(f"{row.paragraphs}: name a test, or say why there is none")
    return rows


def _row(table: Mapping[str, object]) -> ReviewRow:
    unknown = table.keys() - {"paragraphs", "failing", "does", "tests", "not_preventable", "not_yet"}
    if unknown:
        raise ValueError(f"{table.get('paragraphs')}: unknown keys {', '.join(sorted(unknown))}")
    tests = table.get("tests", [])
    if not isinstance(tests, list):
        raise TypeError(f"{table.get('paragraphs')}: `tests` is a list")
    return ReviewRow(
        str(table["paragraphs"]),
        str(table["failing"]),
        str(table.get("does", "")),
        tuple(str(name) for name in tests),
        str(table.get("not_preventable", "")),
        str(table.get("not_yet", "")),
    )


def coverage_page(rows: Sequence[ReviewRow]) -> str:
    """Returns the rows as one Markdown page.

    What is shown by tests, what cannot be prevented, what is not there yet.
    """
    shown = [row for row in rows if not row.not_preventable]
    not_preventable = [
        f"- **{row.paragraphs}**: {row.failing}. {row.not_preventable}" for row in rows if row.not_preventable
    ]
    missing = [f"- **{row.paragraphs}**: {row.not_yet}" for row in rows if row.not_yet] or ["Nothing on the list."]
    parts = [HEAD, *chain.from_iterable(_section(row) for row in shown)]
    parts += [NOT_PREVENTABLE, *not_preventable, "", NOT_YET, *missing, ""]
    return "\n".join(parts)


def _section(row: ReviewRow) -> Iterator[str]:
    yield f"## {row.paragraphs}\n"
    yield f"**What failed.** {row.failing}.\n"
    if row.does:
        yield f"**What the service does.** {row.does}.\n"
    if row.tests:
        yield "**Shown by**\n"
        yield from (f"- `{name}`" for name in row.tests)
        yield ""
    if row.not_yet:
        yield f"**Not yet.** {row.not_yet}\n"
