"""What is counted of a victim is in its own table and nowhere else: no case, decision, page, log or event holds it."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.foundation.logs import ALLOWED, JsonLines
from app.main import assemble
from app.referrals.diversity.schemas import DiversityIn
from app.routing.facts.snapshot.case import CaseSnapshot
from tests.given import Callers, a_referral
from tests.routing.given import baseline
from tests.signing_in import signed_in

NAMES = tuple(DiversityIn.model_fields)
# Words that nothing else of the service uses, so that finding one is finding what was counted.
STATED = {"ethnic_group": "WHITE_OTHER", "disabled": True, "lgbt": True, "sex": "MALE"}
TELLTALE = re.compile(r"ethnic|WHITE_OTHER|lgbt|\bdisabled\b|\"sex\"|\bMALE\b")
TABLES = text(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
)


@pytest.fixture
def routed(callers: Callers) -> dict[str, Any]:
    """A referral with every counting field, and facts that add to it."""
    answer = callers.hub.post("/v1/referrals", a_referral(diversity=STATED))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"diversity": STATED}).raise_for_status()
    return body


def shapes_of(shape: Any) -> Iterator[str]:
    """Every field of the snapshot and of whatever it holds."""
    for inner in get_args(shape):
        yield from shapes_of(inner)
    if is_dataclass(shape):
        hints = get_type_hints(shape)
        for field in fields(shape):
            yield field.name
            yield from shapes_of(hints[field.name])


def test_no_table_but_its_own_holds_what_is_counted(routed: dict[str, Any], owner_engine: Engine) -> None:
    found = {}
    with owner_engine.connect() as connection:
        for table in connection.scalars(TABLES).all():
            rows = connection.scalars(text(f'SELECT row_to_json(one)::text FROM "{table}" AS one')).all()
            found[table] = bool(TELLTALE.search("".join(rows)))

    assert {table for table, holds in found.items() if holds} == {"diversity"}


def test_routing_has_no_place_for_what_is_counted() -> None:
    assert not set(NAMES) & set(shapes_of(CaseSnapshot))
    assert not set(NAMES) & baseline().facts.keys()


def test_logs_have_no_place_for_what_is_counted(callers: Callers, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        callers.hub.post("/v1/referrals", a_referral(diversity=STATED)).raise_for_status()
        callers.hub.post("/v1/referrals", a_referral("DV-2", diversity=STATED | {"sex": "WHITE_OTHER"}))

    assert not set(NAMES) & set(ALLOWED)
    assert not TELLTALE.search("".join(map(JsonLines().format, caplog.records)))


def test_no_page_shows_it_but_as_a_count(routed: dict[str, Any], callers: Callers, http: TestClient) -> None:
    visit, board = signed_in(http.app, callers.coordinator.key)
    decision = visit.get(f"/board/decisions/{routed['decision_id']}")

    assert (board.status_code, decision.status_code) == (200, 200)
    assert routed["case_reference"] in board.text
    assert not TELLTALE.search(board.text + decision.text)


def test_no_answer_of_the_service_has_a_field_for_it_but_the_counts() -> None:
    described = assemble().openapi()["components"]["schemas"]
    with_a_name = {name for name, one in described.items() if set(NAMES) & set(one.get("properties", {}))}

    assert with_a_name == {"DiversityIn", "DiversityOut"}
    assert {kind for name in NAMES for kind in _kinds(described["DiversityOut"]["properties"][name])} == {
        "integer",
        "null",
    }


def _kinds(counted: dict[str, Any]) -> list[str]:
    return [one["type"] for one in counted["additionalProperties"]["anyOf"]]


def test_refused_word_is_not_repeated(callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(diversity={"ethnic_group": "MARTIAN"}))

    assert [one["pointer"] for one in answer.json()["errors"]] == ["/diversity/ethnic_group"]
    assert "MARTIAN" not in answer.text
