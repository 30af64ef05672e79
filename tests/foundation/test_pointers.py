"""A refusal names a place in what the caller sent, and never how a field is checked: over every request model."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import app.main  # noqa: F401 - every room declares its requests
from app.foundation.web.pointers import pointer_of
from app.foundation.web.schema import Strict
from app.meetings.research_schemas import RoshByGroup

WRONG: tuple[Any, ...] = (0, -1, 1.5, True, "", "no such word", [], {}, ["x"], [{}], {"x": "y"}, [[{}]], None, 10**9)


def requests(model: type[BaseModel] = Strict) -> Iterator[type[BaseModel]]:
    for one in model.__subclasses__():
        yield one
        yield from requests(one)


def names() -> set[str]:
    return {field.alias or name for model in requests() for name, field in model.model_fields.items()}


def wrong_bodies(model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    for name in model.model_fields:
        yield from ({name: value} for value in WRONG)
        yield from ({name: {inner: value}} for inner in sorted(NAMES) for value in (0, [], {"x": 1}))


NAMES = names()


@pytest.mark.parametrize("model", sorted(set(requests()), key=lambda model: model.__qualname__))
def test_every_pointer_of_a_request_leads_along_names_and_places(model: type[BaseModel]) -> None:
    for body in wrong_bodies(model):
        for error in faults(model, body):
            parts = pointer_of(error, body).split("/")[1:]
            assert all(part in NAMES or part.isdigit() or part in {"x", ""} for part in parts), (body, parts)


def faults(model: type[BaseModel], body: object) -> list[dict[str, Any]]:
    try:
        model.model_validate(body)
    except ValidationError as refused:
        return [{**error, "loc": ("body", *error["loc"])} for error in refused.errors(include_url=False)]
    return []


def test_a_field_of_several_kinds_is_named_by_its_place_alone() -> None:
    body = {"public": "SO_SO", "known_adult": {}, "children": "LOW", "staff": ["LOW"]}

    pointers = {pointer_of(error, body) for error in faults(RoshByGroup, body)}

    assert pointers == {"/public", "/known_adult", "/staff", "/assessed_on"}


def test_the_place_of_a_fault_in_an_address_is_kept_as_it_is() -> None:
    assert pointer_of({"loc": ("query", "limit"), "type": "int_parsing"}, None) == "/query/limit"
