"""No number that a request or the calendar can hold is outside the limits of the policy: no report is lost by it."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from app.referrals.fact_homes import HOMES
from app.referrals.schemas.requests import LearnedRequest
from app.routing.policy.grammar import NUMBER
from tests.given import Callers, a_referral
from tests.meetings.sitting import a_cycle
from tests.routing.given import baseline

STATED = sorted(HOMES.keys() & {name for name, fact in baseline().facts.items() if fact.kind == NUMBER})


def bounds(path: tuple[str, ...]) -> tuple[int, int]:
    """The least and the greatest number that the field of a request takes."""
    shape: type[BaseModel] = LearnedRequest
    *sections, name = path
    for section in sections:
        annotation = shape.model_fields[section].annotation
        assert isinstance(annotation, type)
        shape = annotation
    schema: dict[str, Any] = TypeAdapter(shape.model_fields[name].rebuild_annotation()).json_schema()
    (number,) = [one for one in schema.get("anyOf", [schema]) if one["type"] == "integer"]
    return number["minimum"], number["maximum"]


@pytest.mark.parametrize("name", STATED)
def test_field_takes_no_number_that_the_policy_does_not_know(name: str) -> None:
    least, most = bounds(HOMES[name].path)

    assert baseline().facts[name].low <= least
    assert most <= baseline().facts[name].high


@pytest.mark.parametrize("age", [121, 130])
@pytest.mark.parametrize("person", ["victim", "perpetrator"])
def test_age_of_nobody_alive_is_refused_with_its_field(person: str, age: int, callers: Callers) -> None:
    said = {"victim": {"ref": "V-1", "age": 34}, "perpetrator": {"ref": "P-1"}}
    said[person]["age"] = age

    answer = callers.hub.post("/v1/referrals", a_referral(**said))

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/{person}/age"]


def test_report_is_decided_although_the_next_meeting_is_half_a_year_away(callers: Callers) -> None:
    cycle = a_cycle() | {"first_on": f"{date(2026, 3, 10) + timedelta(days=170):%Y-%m-%d}"}
    assert callers.coordinator.post("/v1/meeting-cycles", cycle).status_code == 201

    answer = callers.hub.post("/v1/referrals", a_referral())

    assert answer.status_code == 201, answer.text
