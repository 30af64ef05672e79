"""The published API reference is the one the code has, and every example in it works."""

import json
from pathlib import Path

import pytest
import yaml
from app.openapi import openapi_yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "openapi" / "openapi.yaml"


@pytest.fixture(scope="module")
def document() -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    loaded: dict[str, dict[str, dict[str, dict[str, object]]]] = yaml.safe_load(
        COMMITTED.read_text(encoding="utf-8")
    )
    return loaded


def test_committed_reference_is_what_the_code_generates() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi_yaml(), "run `make openapi`"


def test_reference_is_valid_openapi_3_1(document: dict[str, object]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_has_an_id_a_summary_and_a_tag(
    document: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    bare = [
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not (operation.get("operationId") and operation.get("summary") and operation.get("tags"))
    ]

    assert bare == []


def test_every_event_type_is_documented_as_a_webhook(document: dict[str, dict[str, object]]) -> None:
    from app.vocabulary import EventType

    assert set(document["webhooks"]) == {str(kind) for kind in EventType}


def test_example_of_every_request_is_json_that_the_reference_shows(
    document: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    shown = {
        str(operation["operationId"])
        for methods in document["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation
    }
    files = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (ROOT / "openapi" / "examples").glob("*.json")
    }

    assert shown <= set(files)
