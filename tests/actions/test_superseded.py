"""A superseded action names the one that carries on."""

from typing import Any

from tests.actions.given_actions import agree, if_match
from tests.given import Callers

SUPERSEDED = {"outcome": "SUPERSEDED", "note": "The later action covers the same visit"}


def give_way(callers: Callers, action: dict[str, Any], **named: str) -> Any:
    return callers.hub.post(f"/v1/actions/{action['id']}/outcomes", SUPERSEDED | named, **if_match(action))


def test_superseded_action_names_the_one_that_carries_on(routed: dict[str, Any], callers: Callers) -> None:
    old, new = agree(callers, routed["case_id"]), agree(callers, routed["case_id"])

    bare = give_way(callers, old)
    named = give_way(callers, old, superseded_by=new["id"])

    assert (bare.status_code, named.status_code) == (422, 201)
    assert named.json()["reports"][0]["superseded_by"] == new["id"]


def test_two_actions_cannot_give_way_to_each_other(routed: dict[str, Any], callers: Callers) -> None:
    old, new = agree(callers, routed["case_id"]), agree(callers, routed["case_id"])
    give_way(callers, old, superseded_by=new["id"]).raise_for_status()

    answer = give_way(callers, new, superseded_by=old["id"])

    assert answer.status_code == 409


def test_action_cannot_be_superseded_by_itself_or_by_nothing(routed: dict[str, Any], callers: Callers) -> None:
    action = agree(callers, routed["case_id"])

    answers = [give_way(callers, action, superseded_by=named) for named in (action["id"], "act_0123")]

    assert [answer.status_code for answer in answers] == [422, 422]


def test_other_outcomes_carry_no_superseding_action(routed: dict[str, Any], callers: Callers) -> None:
    old, new = agree(callers, routed["case_id"]), agree(callers, routed["case_id"])

    answer = give_way(callers, old, outcome="COMPLETED", superseded_by=new["id"])

    assert answer.status_code == 422
