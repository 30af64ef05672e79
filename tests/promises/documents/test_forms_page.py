"""docs/forms.md and its parts name fields that the requests have, and refusals that they make."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.actions.response_schemas import ActionOut
from app.actions.schemas import ActionRequest
from app.foundation.web.not_held import why_not_held
from app.meetings.decision_schemas import MappaReferralRequest
from app.ownership.schemas import TransferRequest
from app.referrals.schemas.requests import ReferralRequest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
PARTS = [ROOT / "docs" / name for name in ("forms-perpetrator.md", "forms-answers.md")]
PART = PARTS[0].read_text(encoding="utf-8")
WITHOUT_A_PATH = {"never held", "elsewhere", "not modelled"}
QUOTED = re.compile(r"`([^`]+)`")


class FormRow(NamedTuple):
    """One field of one form."""

    form: str
    field: str
    where: str
    reason: str


def rows() -> Iterator[FormRow]:
    form = ""
    for line in PAGE.splitlines():
        if line.startswith("## "):
            form = line.removeprefix("## ")
        elif form and line.startswith("| ") and not line.startswith("| Field"):
            field, where, reason = (cell.strip() for cell in line.strip("|").split("|"))
            yield FormRow(form, field, where, reason)


def paths(node: Any, defined: Any, at: str = "") -> Iterator[str]:
    """Every path of the schema, sections and lists included, as the page writes it."""
    if "$ref" in node:
        node = defined[node["$ref"].rpartition("/")[2]]
    for way in (*node.get("anyOf", ()), *node.get("allOf", ())):
        yield from paths(way, defined, at)
    if at:
        yield at
    for name, inner in node.get("properties", {}).items():
        yield from paths(inner, defined, f"{at}.{name}" if at else name)
    if "items" in node:
        yield from paths(node["items"], defined, f"{at}[]")


SCHEMA = ReferralRequest.model_json_schema()
PATHS = set(paths(SCHEMA, SCHEMA["$defs"]))
ROWS = list(rows())
OF_OTHER_REQUESTS = {
    name
    for request in (MappaReferralRequest, TransferRequest, ActionRequest, ActionOut)
    for name in request.model_fields
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.form}: {row.field}")
def test_field_lives_where_the_page_says(row: FormRow) -> None:
    named = QUOTED.findall(row.where)

    assert row.where in WITHOUT_A_PATH or named, "say where it lives, or why it does not"
    assert [path for path in named if path not in PATHS] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.where == "never held"], ids=lambda row: row.field)
def test_field_that_is_never_held_is_refused_by_the_name_that_the_page_gives(row: FormRow) -> None:
    (name, *_) = QUOTED.findall(row.reason)

    assert why_not_held(name) is not None


def test_each_form_of_the_field_has_a_table() -> None:
    assert {row.form for row in ROWS} == {
        "MARAC referral", "Consent and information sharing", "IDVA and domestic abuse services, refuge",
        "Sanctuary and housing", "Adult safeguarding concern",
    }  # fmt: skip
    other = " ".join(line for line in PART.splitlines() if line.startswith("## "))
    told = (
        "Encompass",
        "children's services",
        "Disclosure Scheme",
        "MAPPA A and B",
        "MATAC",
        "Police",
        "MARAC to MARAC",
    )
    assert [form for form in told if form not in other] == []


def test_index_links_each_part_and_each_part_its_index() -> None:
    assert [part.name for part in PARTS if f"({part.name})" not in PAGE] == []
    assert [part.name for part in PARTS if "(forms.md)" not in part.read_text(encoding="utf-8")] == []


def test_part_of_the_page_names_fields_that_a_request_has() -> None:
    """A part may leave out the first section of a path; what is no path is a word of a closed list or of a form."""
    known = {step for path in PATHS for step in path.replace("[]", "").split(".")} | OF_OTHER_REQUESTS
    named = [name.replace("[]", "").replace("*", "") for line in PART.splitlines() for name in _places(line)]

    assert [name for name in named if not set(filter(None, name.strip("_").split("."))) <= known] == []


def _places(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    named = QUOTED.findall(cells[1]) if line.startswith("| ") and len(cells) == 4 else []
    return [name for name in named if re.fullmatch(r"[a-z_.\[\]*]+", name)]


def test_each_field_of_contact_and_consent_stands_in_a_form() -> None:
    shown = {path.removesuffix("[]") for row in ROWS for path in QUOTED.findall(row.where)}
    own = {"relationship", "separated_on", "victim_aware", "also_feared", "visit_risks", "consent_limits"}
    own |= {"sharing_grounds", "police_contact_wanted", "victim_wishes", "criteria_claimed", "referrer_attends"}
    own |= {path for path in PATHS if path.startswith("safe_contact.") and not path.endswith("[]")}

    assert own - shown == set()
