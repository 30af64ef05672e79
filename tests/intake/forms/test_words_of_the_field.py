"""Closed words are as wide as the field's, with OTHER for what they leave out, and another word is refused by name."""

from typing import Any

import pytest

from app.routing.policy.labels import ORDER_NAMES
from app.routing.policy.vocabulary import LicenceKind, OrderKind
from tests.given import Callers, a_referral, in_full, not_high_risk

SUPERVISED = {"ref": "P-1", "age": 41, "in_custody": False, "mappa": {"not_managed": True}}


def referred(callers: Callers, **changes: Any) -> dict[str, Any]:
    answer = callers.hub.post("/v1/referrals", a_referral(assessment=not_high_risk(), **changes))
    assert answer.status_code == 201, answer.text
    return in_full(callers.coordinator, answer.json())


@pytest.mark.parametrize("kind", OrderKind)
def test_kind_o_every_order_of_the_field_has_a_word_and_a_name(kind: OrderKind, callers: Callers) -> None:
    body = referred(callers, orders=[{"kind": kind, "starts_on": "2026-01-01", "breached": True}])

    owed = {one["duty"] for one in body["actions"]}
    assert ORDER_NAMES[kind]
    # What a court arranged for a child protects nobody; its breach goes back to that court.
    assert ("E12" in owed) is (kind is not OrderKind.CHILD_ARRANGEMENTS)


@pytest.mark.parametrize("kind", LicenceKind)
def test_kind_o_every_order_of_supervision_has_a_word_and_supervises(kind: LicenceKind, callers: Callers) -> None:
    body = referred(callers, perpetrator=SUPERVISED | {"licences": [{"kind": kind, "starts_on": "2026-01-01"}]})

    assert body["decision"]["decision"]["facts"]["supervised"] is True


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"orders": [{"kind": "ASBO"}]}, "/orders/0/kind"),
        ({"perpetrator": SUPERVISED | {"licences": [{"kind": "TAG"}]}}, "/perpetrator/licences/0/kind"),
        ({"children": [{"ref": "C-1", "plan": "TAG"}]}, "/children/0/plan"),
        ({"disclosure": {"outcome": "TAG"}}, "/disclosure/outcome"),
    ],
)
def test_kind_o_another_word_is_refused_by_its_field_and_not_repeated(
    changes: dict[str, Any], pointer: str, callers: Callers
) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(**changes))

    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert not {"ASBO", "TAG"} & set(answer.text.replace('"', " ").split())
