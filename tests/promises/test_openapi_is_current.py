"""The published API reference is the one the code has, and every example in it works."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.openapi import openapi_yaml

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "openapi" / "openapi.yaml"
Document = dict[str, Any]


def operations(document: Document) -> list[Document]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


@pytest.fixture(scope="module")
def document() -> Document:
    loaded: Document = yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))
    return loaded


def test_committed_reference_is_what_the_code_generates() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi_yaml(), "run `make openapi`"


def test_reference_is_valid_openapi_3_1(document: Document) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_has_an_id_a_summary_and_a_tag(
    document: Document,
) -> None:
    bare = [
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not (operation.get("operationId") and operation.get("summary") and operation.get("tags"))
    ]

    assert bare == []


def test_every_event_type_is_documented_as_a_webhook(document: Document) -> None:
    from app.vocabulary import EventType

    assert set(document["webhooks"]) == {str(kind) for kind in EventType}


def test_every_request_has_an_example_that_its_own_schema_accepts(document: Document) -> None:
    wrong = {}
    for operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            schema = content["schema"] | {"components": document["components"]}
            faults = list(Draft202012Validator(schema).iter_errors(content.get("example", "no example")))
            wrong |= {operation["operationId"]: faults} if faults else {}

    assert wrong == {}
