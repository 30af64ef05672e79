"""docs/year.md and its charts are what the figures beside them say, and nothing else."""

import json
import re
from copy import deepcopy
from typing import Any

import pytest
from lxml import etree

from bench.year.__main__ import BESIDE, KEPT, PAGE
from bench.year.behaviour import read_behaviour
from bench.year.charts import Chart, bars
from bench.year.page import charts, page, targets


@pytest.fixture
def kept() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return deepcopy(read)


def coordinator(kept: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in kept["figures"]["posts"] if one["post"] == "MARAC_COORDINATOR")
    return found


def met(kept: dict[str, Any]) -> list[bool]:
    return [is_met for _, _, is_met in targets(kept["figures"], kept["play"]["scale"])]


def test_page_and_charts_are_those_of_the_kept_figures(kept: dict[str, Any]) -> None:
    drawn = charts(kept["figures"])

    assert PAGE.read_text(encoding="utf-8") == page(kept["play"], kept["figures"])
    assert {name: (BESIDE / name).read_text(encoding="utf-8") for name in drawn} == drawn


def test_page_shows_every_chart_and_no_other(kept: dict[str, Any]) -> None:
    shown = re.findall(r"\(year/([\w.-]+)\)", page(kept["play"], kept["figures"]))

    assert sorted(shown) == sorted(charts(kept["figures"]))


def test_every_chart_is_a_picture_with_words_for_who_cannot_see_it(kept: dict[str, Any]) -> None:
    for drawn in charts(kept["figures"]).values():
        root = etree.fromstring(drawn.encode())
        assert root.get("role") == "img"
        assert root.get("aria-label")


def test_chart_says_each_name_as_it_is() -> None:
    drawn = bars(Chart("A & B", "calls", {"2": 2}), [("health <5", {"median": 3})])

    assert "A &amp; B" in drawn
    assert "health &lt;5" in drawn


def test_part_of_a_force_is_held_to_the_targets_of_a_whole_one(kept: dict[str, Any]) -> None:
    coordinator(kept)["lines"] |= {"median": 5, "p90": 6}
    kept["play"]["scale"] = 0.1

    (_, measured, is_met), (_, _, is_met_at_90) = targets(kept["figures"], 0.1)[1:3]

    assert (measured, is_met, is_met_at_90) == ("5, so up to 50 in a whole force", False, True)


def test_page_says_the_scale_and_how_much_of_the_year_was_played(kept: dict[str, Any]) -> None:
    part = page(kept["play"] | {"scale": 0.25, "weeks_played": 17}, kept["figures"])
    whole = page(kept["play"] | {"scale": 1, "weeks_played": 52}, kept["figures"])

    assert "Scale: **0.25** of a force of 1,700 MARAC cases" in part
    assert "**17 of 52 weeks**" in part
    assert "the whole year of 52 weeks" in whole


def test_page_says_what_was_mended_since_the_play_if_anything_was(kept: dict[str, Any]) -> None:
    told = {name: value for name, value in kept["play"].items() if name != "since"}

    assert "It is mended since" in page(told | {"since": "It is mended since."}, kept["figures"])
    assert "since" not in page(told, kept["figures"])


def test_target_is_met_only_by_what_was_measured(kept: dict[str, Any]) -> None:
    kept["play"]["scale"] = 1
    for one in kept["figures"]["posts"]:
        one["danger"]["median"], one["digests"]["most"] = 2, 1
    coordinator(kept)["lines"] |= {"median": 25, "p90": 60}
    kept["figures"]["silence"] |= {"over_five": 0}
    assert met(kept) == [True] * 6

    coordinator(kept)["lines"] |= {"median": 26, "p90": 61}
    coordinator(kept)["danger"]["median"] = 3
    coordinator(kept)["digests"]["most"] = 2
    kept["figures"]["silence"] |= {"over_five": 1}
    assert met(kept) == [False] * 6


def test_behaviour_on_the_page_is_that_of_the_file(kept: dict[str, Any]) -> None:
    assert {name: kept["play"][name] for name in read_behaviour().assumed()} == read_behaviour().assumed()
