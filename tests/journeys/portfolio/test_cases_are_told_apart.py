"""Cases that must be told apart, each a file that a co-ordinator can read; see the README beside the rows."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.given import Callers, a_referral, an_incident

Row = dict[str, Any]
FILES = sorted((Path(__file__).parent / "rows").glob("*.toml"))
ROWS: dict[str, Row] = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES}
NOBODY_ASKED = {"victim": "REFERRING_AGENCY", "perpetrator": "HUB"}


def merged(base: Row, changes: Row) -> Row:
    """The body with the changes laid over it, table by table; "-" takes a field away."""
    body = dict(base)
    for name, value in changes.items():
        if value == "-":
            body.pop(name, None)
        elif isinstance(value, dict) and isinstance(body.get(name), dict):
            body[name] = merged(body[name], value)
        else:
            body[name] = value
    return body


def posted(row: Row) -> Row:
    base = a_referral(victim={"ref": "V-1"}, perpetrator={"ref": "P-1"}, incidents=[an_incident()])
    return merged({**base, "assessment": {}}, row["post"][0])


def answered(callers: Callers, body: Row) -> Row:
    answer = callers.hub.post("/v1/referrals", body)
    assert answer.status_code == 201, answer.text
    decision: Row = answer.json()["decision"]["decision"]
    return decision


def asked(decision: Row, need: str) -> str:
    """The forum that is asked to lead on the need, or nothing when it stays with whoever has it."""
    forum = str(decision[f"{need}_candidates"][0]["forum"])
    return "" if forum == NOBODY_ASKED[need] else forum


def state(decision: Row, outcome: str) -> str:
    """Met when a rule holds for certain and the answer follows it; an exclusion not looked up leaves it met."""
    met = any(finding["outcome"] == outcome for finding in decision["findings"])
    if decision["outcomes"][outcome] not in {"no", "none"} and met:
        return "met"
    return "open" if outcome in {each["outcome"] for each in decision["unsettled"]} else "not met"


def lapses(decision: Row, expect: Row) -> list[str]:
    """What came out otherwise than expected, in words."""
    told = {
        "victim_asked": asked(decision, "victim"),
        "perpetrator_asked": asked(decision, "perpetrator"),
        **{name: state(decision, name) for name in ("marac", "matac", "mappa")},
    }
    wrong = [f"{n}: {expect[n]!r} expected, {told[n]!r} came" for n in told if expect.get(n, told[n]) != told[n]]
    fired = {finding["rule"] for finding in decision["findings"]}
    return wrong + [f"{rule} did not fire" for rule in expect.get("rules", ()) if rule not in fired]


@pytest.mark.parametrize("name", ROWS)
def test_row_comes_out_as_the_field_says(name: str, callers: Callers) -> None:
    row = ROWS[name]

    assert lapses(answered(callers, posted(row)), row["expect"]) == []


@pytest.mark.parametrize("name", ROWS)
def test_row_without_its_one_ground_comes_out_otherwise(name: str, callers: Callers) -> None:
    row = ROWS[name]
    sibling = merged(posted(row), {k: v for k, v in row["sibling"].items() if k != "expect"})

    assert lapses(answered(callers, sibling), row["sibling"]["expect"]) == []
