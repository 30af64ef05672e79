"""The committed handbooks, tables and transparency record are those that the policies make today."""

from pathlib import Path

import pytest

from app.routing.examples.example_files import examples_of
from app.routing.handbook.dmn import TABLES, dmn
from app.routing.handbook.document import to_markdown
from app.routing.handbook.handbook import handbook
from app.routing.handbook.html_page import to_html
from app.routing.handbook.transparency import transparency_record
from app.routing.loading.catalogue import SHIPPED
from tests.routing.given import baseline, shipped

DOCS = Path(__file__).resolve().parents[3] / "docs"
ANEW = "run `python -m app.cli policy handbook`"


@pytest.mark.parametrize("name", SHIPPED)
def test_committed_handbook_is_what_the_policy_makes_today(name: str) -> None:
    policy = shipped(name)

    book = handbook(policy, examples_of(name))

    texts = {"md": to_markdown(book), "html": to_html(book)}
    texts |= {f"{table}.dmn": dmn(policy, [table]) for table in TABLES}
    for suffix, text in texts.items():
        assert (DOCS / "handbook" / f"{name}.{suffix}").read_text(encoding="utf-8") == text, ANEW


def test_committed_transparency_record_is_what_the_policies_make_today() -> None:
    record = transparency_record(baseline(), [shipped(name) for name in SHIPPED])

    assert (DOCS / "transparency.md").read_text(encoding="utf-8") == to_markdown(record), ANEW


def test_handbook_names_every_rule_parameter_duty_source_and_departure_of_its_policy() -> None:
    policy = shipped("cleveland-2018")

    text = to_markdown(handbook(policy, examples_of("cleveland-2018")))

    parts = (
        policy.rules, policy.victim_rows, policy.perpetrator_rows, policy.supports, policy.duties, policy.warnings,
    )  # fmt: skip
    named = [part.id for kind in parts for part in kind]
    named += [*policy.parameters, *policy.sources, *(departure.reason for departure in policy.departures)]
    named += [example.name for example in examples_of("cleveland-2018")]
    assert [name for name in named if name not in text] == []


def test_parameter_that_is_only_a_default_is_marked_and_never_shown_as_law() -> None:
    text = to_markdown(handbook(baseline()))

    line = next(line for line in text.splitlines() if line.startswith("| dash27_ticks"))
    assert "| B | " in line
    assert "to be confirmed" in line
    assert "it is not law" in text


def test_page_of_the_handbook_links_every_rule_and_needs_nothing_from_elsewhere() -> None:
    page = to_html(handbook(baseline(), examples_of("national-baseline")))

    assert 'id="marac-03"' in page
    assert "<script" not in page
    assert "src=" not in page
    assert "url(" not in page
